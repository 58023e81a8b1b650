import type { Layout } from '../keyboard.ts';

/** ANSI keyboard with the US layout; rows are staggered as on the usual hardware. */
export const us: Layout = {
  name: 'us',
  rows: [
    { offset: 0, plain: '1234567890-=', shifted: '!@#$%^&*()_+' },
    { offset: 0.5, plain: 'qwertyuiop[]', shifted: 'QWERTYUIOP{}' },
    { offset: 0.75, plain: "asdfghjkl;'", shifted: 'ASDFGHJKL:"' },
    { offset: 1.25, plain: 'zxcvbnm,./', shifted: 'ZXCVBNM<>?' },
  ],
};
