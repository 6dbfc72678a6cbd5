import type { HisAnswer, HisCall } from './data.ts'
import type { OperationName } from './operations.ts'
import type { Reader } from './reading.ts'

/** Asks a hospital one operation of the standard interface, however its system is spoken to. */
export type Ask = <T>(call: HisCall, question: Question<T>) => Promise<HisAnswer<T>>

export type Question<T> = {
  name: OperationName
  /** As the operation's request in the contract. */
  body: object
  /** Reads the operation's answer, in the words of the contract; every adapter brings it into those first. */
  read: Reader<T>
  /** Values of the body that must not be kept, wherever they come back. */
  secrets?: readonly string[]
}
