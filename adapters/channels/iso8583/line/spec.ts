import type { Profile } from '../profiles/profile.ts'

/** Where the bank is, and every limit of the talk with it. Times are real milliseconds. */
export type LineSpec = LineLimits & {
  host: string
  port: number
  frame: Profile['frame']
  /** The message that keeps the line open, made anew each time. */
  heartbeat: () => Buffer
}

export type LineLimits = {
  connectMs: number
  heartbeatMs: number
  /** Longer than two heartbeats. */
  idleMs: number
  firstPauseMs: number
  mostPauseMs: number
  mostFrameBytes: number
  mostInFlight: number
  /** How long a stop waits for the answers that are still to come. */
  graceMs: number
}

/** What is usual: a heartbeat three times before the line counts as dead, at most 64 questions at once. */
export const LINE_LIMITS: LineLimits = {
  connectMs: 3_000,
  heartbeatMs: 20_000,
  idleMs: 65_000,
  firstPauseMs: 200,
  mostPauseMs: 30_000,
  mostFrameBytes: 8_192,
  mostInFlight: 64,
  graceMs: 10_000,
}

/** Tells what happens on a line, for the operator. Never a card number, a key or a track. */
export type LineLog = (
  event: 'connection_lost' | 'late_answer' | 'unreadable_frame',
  details: Record<string, string | number>,
) => void
