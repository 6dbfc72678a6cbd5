import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { isBaseUrl } from '../../platform/outgoing/http-url.ts'
import { hospitalErrors } from '../hospitals/index.ts'

// What the contracts of all commercial insurers have in common, whatever wire they speak.

/** The fields of every contract. */
export const CONTRACT_FIELDS = {
  code: Type.String({ pattern: '^[a-z0-9_]{1,32}$', description: 'Our name of the insurer' }),
  name: Type.String({ minLength: 1, maxLength: 60, description: 'For the payer' }),
  refundsParts: Type.Boolean({ description: 'Whether a part of a settlement can be given back' }),
}

/** Where an insurer is reached; what the path begins with is the adapter's. */
export const baseUrlField = (description: string) =>
  Type.String({ minLength: 1, maxLength: 500, description })

/** `isLive`: identity numbers and diagnoses of real people go there. */
export type Place = { isLive: boolean }

/**
 * Reads one hospital's contract with an insurer. In a live installation the address is https, or plain http to this
 * very machine, where a gateway of the house encrypts the line.
 * Errors: throws hospitals.connection_params_invalid, naming the field and never its value.
 */
export function contractReader<Schema extends Type.TObject>(adapter: string, schema: Schema) {
  const params = Compile(schema)
  return (value: unknown, { isLive }: Place = { isLive: true }): Type.Static<Schema> => {
    if (!params.Check(value)) {
      const [first] = params.Errors(value)
      throw invalid(first?.instancePath.slice(1) || 'params', first?.message ?? 'not an object')
    }
    const fields: { baseUrl?: unknown } = value
    const wrong = baseUrlWrong(String(fields.baseUrl), isLive)
    if (wrong) throw invalid('baseUrl', wrong)
    return value
  }

  function invalid(field: string, rule: string) {
    return hospitalErrors.connection_params_invalid({ adapter, field, rule })
  }
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

function baseUrlWrong(text: string, isLive: boolean): string | null {
  const rule = 'http or https, without user and query'
  if (!isBaseUrl(text)) return rule
  const { protocol, hostname } = new URL(text)
  if (protocol === 'https:') return null
  return isLive && !LOOPBACK.test(hostname) ? 'https, unless it is this machine' : null
}
