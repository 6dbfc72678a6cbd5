import { createPrivateKey, createPublicKey } from 'node:crypto'

import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { hospitalErrors } from '../../../modules/hospitals/index.ts'
import { httpUrlOf } from '../../../platform/outgoing/http-url.ts'

const Printable = Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$' })
const Pem = Type.String({ minLength: 1, maxLength: 8_000 })

/** The contract with a bank behind a gateway, as the connection of its book keeps it, sealed. */
export const GatewayParamsSchema = Type.Object(
  {
    gatewayUrl: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'Where all is posted to',
    }),
    partnerNo: { ...Printable, description: 'hospitalId: our number at the gateway' },
    servicePrefix: Type.String({
      pattern: '^[a-z0-9.]{0,40}$',
      description: 'What stands before loan.…, as the gateway names its services',
    }),
    operId: Printable,
    sourceCode: Printable,
    signType: Type.Enum(['RSA', 'RSA2'], { description: 'RSA with SHA-1, or RSA2 with SHA-256' }),
    privateKeyPem: Pem,
    bankPublicKeyPem: Type.Union([Pem, Type.Null()], {
      description: 'Proves the answers; null for a gateway that does not sign them',
    }),
    hospitals: Type.Array(
      Type.Object(
        {
          hospitalId: Type.Integer({ minimum: 1 }),
          hospCode: Printable,
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 5_000, description: 'How the bank numbers the hospitals it serves' },
    ),
  },
  { additionalProperties: false },
)

export type GatewayParams = Type.Static<typeof GatewayParamsSchema>

const Params = Compile(GatewayParamsSchema)

/** Errors: throws hospitals.connection_params_invalid, naming the field and never its value. */
export function readGatewayParams(value: unknown): GatewayParams {
  if (!Params.Check(value)) {
    const [first] = Params.Errors(value)
    throw invalid(first?.instancePath.slice(1) || 'params', first?.message ?? 'not an object')
  }
  if (!isAddress(value.gatewayUrl)) {
    throw invalid('gatewayUrl', 'http or https, without user and fragment')
  }
  if (value.bankPublicKeyPem === null && new URL(value.gatewayUrl).protocol !== 'https:') {
    throw invalid('gatewayUrl', 'https where the answers are not signed')
  }
  checkKey('privateKeyPem', () => createPrivateKey(value.privateKeyPem))
  const { bankPublicKeyPem } = value
  if (bankPublicKeyPem !== null)
    checkKey('bankPublicKeyPem', () => createPublicKey(bankPublicKeyPem))
  const ids = new Set(value.hospitals.map(({ hospitalId }) => hospitalId))
  const codes = new Set(value.hospitals.map(({ hospCode }) => hospCode))
  if (Math.min(ids.size, codes.size) !== value.hospitals.length) {
    throw invalid('hospitals', 'each hospital once, under a code of its own')
  }
  return value
}

function checkKey(field: string, read: () => { asymmetricKeyType?: string | undefined }): void {
  try {
    if (read().asymmetricKeyType === 'rsa') return
  } catch {
    // Said below, without what stands in it.
  }
  throw invalid(field, 'an RSA key in PEM')
}

const isAddress = (text: string): boolean => httpUrlOf(text)?.hash === ''

const invalid = (field: string, rule: string) =>
  hospitalErrors.connection_params_invalid({ adapter: 'gateway', field, rule })
