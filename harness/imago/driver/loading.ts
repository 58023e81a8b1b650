/**
 * Chunks taken in as a file: the same text that an INSERT statement would have, which the server need not parse as one.
 * Since the server, once it receives a file, skips or bends what does not fit, only a load without any remark counts.
 */
import { insertText } from './refusals.ts';
import type { SourceType, TargetType } from './row-text.ts';
import { DatabaseError, type Session } from './session.ts';
import { loadStatement, type TablePlan } from './statements.ts';

/** The server does not take files from clients: the same error by its older and its newer number. */
const FILES_REFUSED = new Set([1148, 4166]);

/** Kinds whose literal in a statement and field in a file are read as the same value. */
const NUMBERS: ReadonlySet<string> = new Set(['integer', 'decimal', 'float', 'double', 'year']);
const QUOTED: ReadonlySet<string> = new Set(['text', 'date', 'time', 'datetime']);

/** How a chunk's rows, given as one text, get into U_new's table. */
export type WayIn = (session: Session, plan: TablePlan, literals: string, rows: number) => Promise<void>;

/** Loads chunks where that goes without a remark, else inserts them: a load tells neither which row it did not take nor why. */
export class Loading {
  #isRefused = false;

  /** @param put - puts a chunk by the way given, as a whole or not at all; called again with another where the first was in vain */
  async attempt<T>(plan: TablePlan, put: (way: WayIn) => Promise<T>): Promise<T> {
    if (!this.#isRefused && isLoadable(plan)) {
      try {
        return await put(loadText);
      } catch (error) {
        if (!(error instanceof NotTakenWhole)) throw error;
        this.#isRefused = error.isRefused;
      }
    }
    return put(insertText);
  }
}

/** The rows are to be inserted instead; nothing of the load may be kept. */
class NotTakenWhole extends Error {
  /** Whether no file would be taken. */
  readonly isRefused: boolean;
  constructor(why: string, isRefused: boolean, cause?: unknown) {
    super(why, { cause });
    this.isRefused = isRefused;
  }
}

/** Whether rows of this table read the same in a file: hexadecimal and bit literals do not, nor a number that names a text. */
export function isLoadable({ sources, targetTypes }: Pick<TablePlan, 'sources' | 'targetTypes'>): boolean {
  return sources.every(({ types }) => targetTypes.every((target, at) => isAlike(types[at], target)));
}

function isAlike(source: SourceType | undefined, target: TargetType): boolean {
  if (source === undefined) return false;
  return (
    (NUMBERS.has(source.kind) && NUMBERS.has(target.kind)) ||
    (QUOTED.has(source.kind) && source.kind === target.kind)
  );
}

/** Loads rows given as one text. @throws NotTakenWhole unless all of them went in as they are */
async function loadText(session: Session, plan: TablePlan, literals: string, rows: number): Promise<void> {
  try {
    const { warnings, affected } = await session.load(loadStatement(plan), `${literals},`);
    if (warnings === 0 && affected === rows) return;
    throw new NotTakenWhole(`load ${plan.target}: ${affected} of ${rows} rows, ${warnings} warnings`, false);
  } catch (error) {
    if (error instanceof DatabaseError && FILES_REFUSED.has(error.errno))
      throw new NotTakenWhole(error.message, true, error);
    throw error;
  }
}
