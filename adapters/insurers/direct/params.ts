import Type from 'typebox'

import { baseUrlField, CONTRACT_FIELDS, contractReader } from '../../../modules/coverage/index.ts'

/** A hospital's contract with an insurer of the direct-billing shape, as its connection keeps it, sealed. */
const DirectParamsSchema = Type.Object(
  {
    ...CONTRACT_FIELDS,
    baseUrl: baseUrlField('What stands before /hospitalDirect'),
    hospitalCode: Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$' }),
    appId: Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$' }),
    secret: Type.String({ pattern: '^[\\x21-\\x7e]{16,128}$' }),
  },
  { additionalProperties: false },
)

export type DirectParams = Type.Static<typeof DirectParamsSchema>

/** Errors: throws hospitals.connection_params_invalid, naming the field and never its value. */
export const readDirectParams = contractReader('direct', DirectParamsSchema)
