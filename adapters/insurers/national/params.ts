import Type from 'typebox'

/** A hospital's contract with its insurance centre, as its connection keeps it, sealed. */
export const NationalInsuranceParamsSchema = Type.Object(
  {
    baseUrl: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'The gateway, without the transaction number at the end',
    }),
    fixmedinsCode: Type.String({ pattern: '^[0-9A-Z]{12}$', description: '定点医药机构编号' }),
    fixmedinsName: Type.String({ minLength: 1, maxLength: 20, description: '定点医药机构名称' }),
    paasid: Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$' }),
    secretKey: Type.String({ pattern: '^[\\x21-\\x7e]{1,128}$' }),
    admdvs: Type.String({ pattern: '^[0-9]{6}$', description: '就医地医保区划' }),
    opter: Type.String({ pattern: '^[\\x21-\\x7e]{1,20}$', description: '经办人编号' }),
    opterName: Type.String({ minLength: 1, maxLength: 50, description: '经办人姓名' }),
    profile: Type.Enum(['standard', 'guangdong', 'jilin'], {
      description: 'What differs between provinces',
    }),
    settlesUnfiled: Type.Optional(
      Type.Boolean({
        description:
          'Whether people from elsewhere who have not filed (未备案) are asked about all the same; true unless told',
      }),
    ),
    tokenUrl: Type.Optional(
      Type.String({ maxLength: 500, description: 'Of the access tokens; {baseUrl}/oauth/token' }),
    ),
    sm2PrivateKey: Type.Optional(
      Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Signs what is sent, in hex' }),
    ),
    sm2UserId: Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$' })),
    centrePublicKey: Type.Optional(
      Type.String({ pattern: '^04[0-9a-f]{128}$', description: 'Of the centre’s SM2, in hex' }),
    ),
  },
  { additionalProperties: false },
)

export type NationalInsuranceParams = Type.Static<typeof NationalInsuranceParamsSchema>
