import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { defineErrors } from '../../../kernel/error.ts'
import { PROFILES } from './profiles/index.ts'
import type { Profile } from './profiles/profile.ts'

const errors = defineErrors('bank_pos', { params_invalid: 'invalid' })

const Hex = (bytes: number) => Type.String({ pattern: `^[0-9A-F]{${bytes * 2}}$` })

/** A hospital's contract with a bank that takes cards over ISO 8583, as it is stored sealed. */
export const BankPosParamsSchema = Type.Object(
  {
    name: Type.String({
      pattern: '^[a-z][a-z0-9_]{0,29}$',
      description: 'The name of the channel, one for each bank: bank, icbc',
    }),
    profile: Type.Enum(Object.keys(PROFILES) as (keyof typeof PROFILES)[]),
    host: Type.String({ pattern: '^[0-9A-Za-z.:-]{1,253}$' }),
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    merchantId: Type.String({ pattern: '^[0-9A-Za-z]{15}$' }),
    operator: Type.String({ pattern: '^[0-9]{3}$', description: 'The three digits of F63' }),
    terminals: Type.Array(
      Type.Object(
        {
          terminal: Type.String({ pattern: '^[0-9A-Za-z]{8}$' }),
          masterKey: Type.Union([Hex(16), Type.Null()], {
            description: 'TMK as 32 hex digits; null when a security module holds it',
          }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 64, description: 'The first is used where the device names none' },
    ),
    methods: Type.Array(Type.Enum(['card', 'barcode']), {
      minItems: 1,
      maxItems: 2,
      uniqueItems: true,
    }),
    macAlgorithm: Type.Union([Type.Enum(['ecb', 'x9.9', 'x9.19']), Type.Null()], {
      description: "null: the profile's own",
    }),
    prefix: Type.Union([Type.String({ pattern: '^([0-9A-F]{2}){0,32}$' }), Type.Null()], {
      description: "TPDU and header of each frame as hex; null: the profile's own",
    }),
    reversalTries: Type.Integer({ minimum: 1, maximum: 99 }),
    dayFile: Type.Object(
      {
        cutOver: Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$' }),
        readyAt: Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$' }),
      },
      {
        additionalProperties: false,
        description:
          "When the bank's day ends (00:00:00, or the evening before: 23:00:00), and from when its file is there",
      },
    ),
  },
  { additionalProperties: false },
)

export type BankPosParams = Type.Static<typeof BankPosParamsSchema>

const Params = Compile(BankPosParamsSchema)

/**
 * Reads stored or entered params. Errors: 'bank_pos.params_invalid' with the field, as a JSON pointer, and what is wrong
 * with it; never with its value, as some of the fields are secrets.
 */
export function readBankPosParams(value: unknown): BankPosParams {
  if (!Params.Check(value)) throw firstError(value)
  for (const [i, { terminal }] of value.terminals.entries()) {
    if (value.terminals.findIndex((other) => other.terminal === terminal) !== i) {
      throw invalid(`/terminals/${i}/terminal`, 'must not stand twice')
    }
  }
  if (value.methods.includes('barcode') && PROFILES[value.profile].barcode === null) {
    throw invalid('/methods', 'has a barcode, which the profile cannot carry')
  }
  return value
}

/** The profile of the contract: the bank's own prefix and MAC in place of the usual ones. */
export function profileOf({ profile, macAlgorithm, prefix }: BankPosParams): Profile {
  const base: Profile = PROFILES[profile]
  return {
    ...base,
    prefix: prefix ?? base.prefix,
    mac: { ...base.mac, algorithm: macAlgorithm ?? base.mac.algorithm },
  }
}

/** Those that are not in a security module. */
export const masterKeysOf = ({ terminals }: BankPosParams): Map<string, Buffer> =>
  new Map(
    terminals.flatMap(({ terminal, masterKey }) =>
      masterKey === null ? [] : [[terminal, Buffer.from(masterKey, 'hex')]],
    ),
  )

function firstError(value: unknown) {
  const [first] = Params.Errors(value)
  if (first?.keyword === 'required') {
    const [missing = ''] = first.params.requiredProperties
    return invalid(`${first.instancePath}/${missing}`, 'is missing')
  }
  if (first?.keyword === 'boolean') return invalid(first.instancePath, 'is not known')
  return invalid(first?.instancePath ?? '', first?.message ?? 'is invalid')
}

const invalid = (field: string, reason: string) => errors.params_invalid({ field, reason })
