import type Type from 'typebox'
import { Compile } from 'typebox/compile'

import type { His } from '../../context.ts'
import type { Call } from '../../faulty.ts'
import { type Answer, refusal } from '../../protocol.ts'

/** Reads a body into a call; an answer when it is not as agreed. */
export type Reader = (his: His, body: unknown) => { call: Call } | { answer: Answer }

/** Puts a schema before what runs, so that nothing runs on a body that is not as agreed. */
export function operation<Schema extends Type.TSchema>(
  schema: Schema,
  keyOf: (body: Type.Static<Schema>, his: His) => string,
  run: (his: His, body: Type.Static<Schema>, lie: boolean) => Answer,
): Reader {
  const validator = Compile(schema)
  return (his, body) => {
    if (!validator.Check(body)) {
      // An unknown field is reported twice, and the second time by its name.
      const error = validator.Errors(body).find((e) => e.keyword !== 'boolean')
      const at = error?.instancePath.slice(1).replaceAll('/', '.') ?? ''
      const names = Object.values(error?.params ?? {}).flat()
      const message = [at, error?.message, `(${names.join(', ')})`].join(' ').trim()
      return { answer: refusal('INVALID_REQUEST', message) }
    }
    return { call: { key: keyOf(body, his), run: (lie) => run(his, body, lie) } }
  }
}
