import Type from 'typebox'

import { baseUrlField, CONTRACT_FIELDS, contractReader } from '../../../modules/coverage/index.ts'

/** A hospital's contract with an insurer that speaks FHIR R4, as its connection keeps it, sealed. */
const FhirParamsSchema = Type.Object(
  {
    ...CONTRACT_FIELDS,
    baseUrl: baseUrlField('What stands before /fhir and /oauth/token'),
    namespace: Type.String({
      pattern: '^https?://[\\x21-\\x7e]{1,200}[^/]$',
      description: "What the insurer's identifier and code systems begin with",
    }),
    providerCode: Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$' }),
    clientId: Type.String({ pattern: '^[\\x21-\\x39\\x3b-\\x7e]{1,64}$' }),
    clientSecret: Type.String({ pattern: '^[\\x21-\\x7e]{16,128}$' }),
  },
  { additionalProperties: false },
)

export type FhirParams = Type.Static<typeof FhirParamsSchema>

/** Errors: throws hospitals.connection_params_invalid, naming the field and never its value. */
export const readFhirParams = contractReader('fhir', FhirParamsSchema)
