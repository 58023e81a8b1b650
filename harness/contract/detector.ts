/**
 * Detectors: what an operator's own tools say of a host, without anybody being asked: whether a broken dependency
 * would have been caught automatically is found by running them.
 */
import type { Tier } from './topology.ts';

/** The package manager's own check of what it installed, the dynamic linker, and a server's test of its configuration. */
export type ToolName = 'package-manager' | 'loader' | 'configuration-test';

/** A tool, or the procedure's own: a step that fails, or one of its gates. */
export type DetectorName = ToolName | 'gate';

/** One tool. */
export interface Detector {
  readonly name: ToolName;
  /** What is run, in a few words. */
  readonly summary: string;
  /**
   * Command of each tier that has one; read-only, exit code 0. Each line of standard output is a complaint. What is
   * complained of on a sound host too is no detection: outputs are compared with those of a control.
   */
  readonly commands: Readonly<Partial<Record<Tier, readonly string[]>>>;
}
