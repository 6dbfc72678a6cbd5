import type { Random } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { Ask } from '../interface/ask.ts'
import type { OperationName } from '../interface/operations.ts'
import type { Hands } from './hands.ts'

/** What is tried: whatever answers the operations of the interface, and its wire where it speaks the standard one. */
export type ConformanceSubject = {
  ask: Ask
  /** Null for a system that is described: its wire is not the standard's. */
  door: Door | null
}

/** The standard wire, for sendings that no hub would make. It never throws. */
export type Door = {
  send(operation: OperationName, body: string, odd?: Oddity): Promise<DoorAnswer>
}

/** What is odd about a sending; all else is right. */
export type Oddity = {
  /** In place of a new one. */
  nonce?: string
  keyId?: string
  /** How far the timestamp is off, below zero for the past. */
  secondsOff?: number
  /** One bit of the signature is another. */
  isSignatureWrong?: boolean
  /** What is sent in place of what was signed. */
  sentBody?: string
}

export type DoorAnswer =
  | { status: number; isSigned: boolean; code: string | null; text: string }
  | { silence: string }

/** The kit's own ear in place of a hub, for what a hospital tells of its own accord. */
export type Listener = {
  heard(): readonly HeardRequest[]
  /** Answers the next ones with 503, as a hub that is being restarted. */
  refuseNext(times: number): void
  /** Waits, for a few seconds at most, until it is so; false when it never was. */
  waitFor(isSo: (heard: readonly HeardRequest[]) => boolean): Promise<boolean>
}

export type HeardRequest = {
  kind: 'refund-requests' | 'notices'
  /** Whether the signature is the hospital's and of now. */
  believed: 'ok' | 'signature' | 'timestamp'
  nonce: string | null
  /** Undefined for what is no JSON. */
  body: unknown
  /** What the kit answered. */
  status: number
}

export type ConformanceDeps = {
  /** The sandbox's time: it must go on from what a hand of it says. */
  clock: Clock
  /** Told when a hand has moved the sandbox's time. */
  followTime: (now: Date) => void
  random: Random
  hands: Hands
  listener: Listener | null
  /** Hears of each check as it begins and ends. */
  onStep?: (step: ConformanceStep) => void
}

export type ConformanceStep = {
  at: 'begun' | 'done'
  id: string
  number: number
  count: number
  outcome: 'passed' | 'failed' | 'skipped' | null
}
