import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { defineErrors } from '../../../kernel/error.ts'
import type { Params } from '../../../platform/descriptor/params.ts'
import { readDescriptor } from './check.ts'
import { readDeclarativeParams } from './params.ts'
import type { Descriptor } from './schema.ts'

const errors = defineErrors('declarative', { descriptor_invalid: 'invalid' })

const Stored = Compile(
  Type.Object(
    {
      descriptor: Type.String({ maxLength: 262_144 }),
      params: Type.Record(Type.String(), Type.String()),
    },
    { additionalProperties: false },
  ),
)

/**
 * Reads what is stored sealed for one hospital: the descriptor's text as it was checked, and the hospital's params.
 * Errors: declarative.descriptor_invalid with the first thing that is wrong; declarative.params_invalid.
 */
export function readStoredChannel(value: unknown): {
  descriptor: Descriptor
  params: Params
} {
  if (!Stored.Check(value))
    throw errors.descriptor_invalid({ pointer: '', reason: 'is not stored' })
  const read = readDescriptor(value.descriptor)
  if (read.outcome === 'wrong') {
    const [first] = read.problems
    throw errors.descriptor_invalid({ pointer: first?.pointer ?? '', reason: first?.en ?? '' })
  }
  return {
    descriptor: read.descriptor,
    params: readDeclarativeParams(read.descriptor, value.params),
  }
}
