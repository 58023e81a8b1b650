/** Trials without a part that every other trial of their approach has, so that what the part adds can be told. */

/** What says whether the parts are there; absent where they are, as in records made before they could be left out. */
export interface Parts {
  readonly ingress?: string | undefined;
  readonly mirroring?: string | undefined;
}

/** The words by which such trials are kept apart; empty for those with all parts. */
export function variantOf({ ingress, mirroring }: Parts): string {
  const without = [
    ...(ingress === 'direct' ? ['interceptor'] : []),
    ...(mirroring === 'off' ? ['mirroring'] : []),
  ];
  return without.length === 0 ? '' : `without ${without.join(' and ')}`;
}
