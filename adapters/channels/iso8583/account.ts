import type { HospitalId } from '../../../kernel/id.ts'
import type { Random } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { ProviderCall } from '../../../modules/payments/index.ts'
import { type KeyStore, softwareKeyStore } from './keys.ts'
import { LINE_LIMITS, type LineLimits, type LineLog, type LineSpec } from './line/spec.ts'
import type { Merchant } from './messages.ts'
import { type BankPosParams, masterKeysOf, profileOf } from './params.ts'
import type { Profile } from './profiles/profile.ts'
import type { TraceNumbers } from './trace-numbers.ts'

export type BankPosDeps = {
  clock: Clock
  random: Random
  /** How long one answer of the bank may take, from the sending. */
  timeoutMs: number
  traces: TraceNumbers
  /** The bank's file of that name, as it was delivered; null while it is not there. Throws when nobody can say. */
  dayFile: (name: string) => Promise<Buffer | null>
  log: LineLog
  /** A security module in place of the master keys of the params. */
  keys?: KeyStore
  /** Other limits than the usual ones. */
  limits?: Partial<LineLimits>
}

/** The contract, ready for use. */
export type Account = {
  readonly name: string
  readonly params: BankPosParams
  readonly profile: Profile
  readonly merchant: Merchant
  readonly keys: KeyStore
  readonly line: Omit<LineSpec, 'heartbeat'>
}

export function toAccount(params: BankPosParams, deps: BankPosDeps): Account {
  const profile = profileOf(params)
  const { host, port, merchantId, operator } = params
  return {
    name: params.name,
    params,
    profile,
    merchant: { merchantId, operator },
    keys: deps.keys ?? softwareKeyStore(masterKeysOf(params)),
    line: { host, port, frame: profile.frame, ...LINE_LIMITS, ...deps.limits },
  }
}

/** The key of everything that is kept about one terminal. */
export const terminalKey = (
  { name }: Account,
  { hospitalId }: { hospitalId: HospitalId },
  terminal: string,
) => ({ hospitalId, provider: name, terminal })

export type Unknown = { outcome: 'unknown'; reason: string }

export const unknown = (reason: string): Unknown => ({ outcome: 'unknown', reason })

export type Call = Pick<ProviderCall, 'hospitalId' | 'trace'>
