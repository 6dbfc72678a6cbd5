import { wrongCipherKey } from '../../../platform/descriptor/ciphers.ts'
import {
  bytesOf,
  type Params,
  paramsInvalid,
  readParams,
} from '../../../platform/descriptor/params.ts'
import type { Descriptor } from './schema.ts'

/** A hospital's contract with the provider. Errors: as readParams; also for a key that does not fit its cipher. */
export function readDeclarativeParams(descriptor: Descriptor, value: unknown): Params {
  const params = readParams(descriptor.parameters, value)
  checkCipherKeys(descriptor, params)
  return params
}

/** A key that does not fit its cipher would be found out by the first order. */
function checkCipherKeys(descriptor: Descriptor, params: Params): void {
  const { wire, answers, notice } = descriptor
  for (const cipher of [wire.seal, answers.open, notice?.open]) {
    const parameter = descriptor.parameters.find(({ name }) => name === cipher?.key)
    const text = parameter && params[parameter.name]
    if (cipher === undefined || parameter === undefined || text === undefined) continue
    const wrong = wrongCipherKey(cipher, bytesOf(parameter.format, text) ?? Buffer.alloc(0))
    if (wrong !== null) throw paramsInvalid(`/${parameter.name}`, wrong)
  }
}
