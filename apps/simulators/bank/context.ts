import type { Random } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { MacKind } from './security.ts'
import type { Store } from './store.ts'
import type { DialectName } from './wire.ts'

/** What every part of the bank works with. */
export type Context = {
  readonly clock: Clock
  readonly random: Random
  readonly store: Store
  readonly dialect: DialectName
  readonly macKind: MacKind
  readonly merchantId: string
  /** The terminals' master keys. */
  readonly masterKeys: ReadonlyMap<string, Buffer>
  readonly feePpm: number
  /** 'hh:mm:ss' in Shanghai, when the bank's day ends: '00:00:00', or the evening before. */
  readonly cutOver: string
}

/** The answer's fields, beside those it repeats of the question. */
export type Answer = { code: string; fields?: Record<number, string> }
