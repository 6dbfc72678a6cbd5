import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { defineErrors } from '../../../kernel/error.ts'
import { readParams } from '../../../platform/descriptor/params.ts'
import { readProduct } from './check.ts'
import type { HospitalWords } from './hospital.ts'
import type { Product } from './schema.ts'

const errors = defineErrors('hospital_product', { invalid: 'invalid' })

const Stored = Compile(
  Type.Object(
    {
      product: Type.String({ maxLength: 262_144 }),
      params: Type.Record(Type.String(), Type.String()),
      codes: Type.Record(Type.String(), Type.Record(Type.String(), Type.String())),
    },
    { additionalProperties: false },
  ),
)

/**
 * Reads what a hospital's connection keeps: the descriptor's text as it was checked, the hospital's parameters and its
 * words. Errors: hospital_product.invalid with the first thing that is wrong; declarative.params_invalid.
 */
export function readStoredHospital(value: unknown): { product: Product; words: HospitalWords } {
  if (!Stored.Check(value)) throw errors.invalid({ pointer: '', reason: 'is not stored' })
  const product = mustReadProduct(value.product)
  const params = readParams(product.parameters, value.params)
  return { product, words: { params, codes: value.codes } }
}

/** Errors: hospital_product.invalid with the first thing that is wrong. */
export function mustReadProduct(text: string): Product {
  const read = readProduct(text)
  if (read.outcome === 'read') return read.product
  const [first] = read.problems
  throw errors.invalid({ pointer: first?.pointer ?? '', reason: first?.en ?? '' })
}
