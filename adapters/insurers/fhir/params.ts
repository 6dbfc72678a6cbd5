import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { hospitalErrors } from '../../../modules/hospitals/index.ts'

/** A hospital's contract with an insurer that speaks FHIR R4, as its connection keeps it, sealed. */
export const FhirParamsSchema = Type.Object(
  {
    code: Type.String({ pattern: '^[a-z0-9_]{1,32}$', description: 'Our name of the insurer' }),
    name: Type.String({ minLength: 1, maxLength: 60, description: 'For the payer' }),
    baseUrl: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'What stands before /fhir and /oauth/token',
    }),
    namespace: Type.String({
      pattern: '^https?://[\\x21-\\x7e]{1,200}[^/]$',
      description: "What the insurer's identifier and code systems begin with",
    }),
    providerCode: Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$' }),
    clientId: Type.String({ pattern: '^[\\x21-\\x39\\x3b-\\x7e]{1,64}$' }),
    clientSecret: Type.String({ pattern: '^[\\x21-\\x7e]{16,128}$' }),
    refundsParts: Type.Boolean({ description: 'Whether a part of a settlement can be given back' }),
  },
  { additionalProperties: false },
)

export type FhirParams = Type.Static<typeof FhirParamsSchema>

const Params = Compile(FhirParamsSchema)

/** Errors: throws hospitals.connection_params_invalid, naming the field and never its value. */
export function readFhirParams(value: unknown): FhirParams {
  if (!Params.Check(value)) {
    const [first] = Params.Errors(value)
    throw invalid(first?.instancePath.slice(1) || 'params', first?.message ?? 'not an object')
  }
  if (!isBaseUrl(value.baseUrl)) throw invalid('baseUrl', 'http or https, without user and query')
  return value
}

function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, search, hash } = new URL(text)
  return ['http:', 'https:'].includes(protocol) && username + password + search + hash === ''
}

const invalid = (field: string, rule: string) =>
  hospitalErrors.connection_params_invalid({ adapter: 'fhir', field, rule })
