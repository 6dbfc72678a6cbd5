import type { His } from '../context.ts'
import type { Call } from '../faulty.ts'
import type { Answer } from '../protocol.ts'
import { type Raw, readFields, type Shape, type Values } from './fields.ts'

/** One service of a product: reads its fields and says what the hospital is to do. */
export type Service = (his: His, raw: Raw) => ReadService

export type ReadService = { operation: string; call: Call } | { problem: string }

/**
 * Puts the fields before what runs. `operation` is the hospital's own word for it, by which a fault plan knows it.
 *
 * The answer of `run` carries in `data` what the product answers, in the product's own names.
 */
export const service =
  <S extends Shape>(definition: Definition<S>): Service =>
  (his, raw) => {
    const read = readFields(definition.shape, raw)
    if ('problem' in read) return read
    const { operation, key, run } = definition
    const { values } = read
    return {
      operation,
      call: { key: key(values, his), run: (lie) => run(his, values, lie) },
    }
  }

type Definition<S extends Shape> = {
  shape: S
  operation: string
  /** What the call is about: never a number of the hub's making. */
  key: (values: Values<S>, his: His) => string
  run: (his: His, values: Values<S>, lie: boolean) => Answer
}

/** The answer with its data in the product's names; a refusal stays what it is. */
export const translated = <Data>(answer: Answer, translate: (data: Data) => object): Answer =>
  answer.code === 'OK' ? { ...answer, data: translate(answer.data as Data) } : answer
