import Type from 'typebox'
import { Compile } from 'typebox/compile'

// How to ask for a list, as data. Texts may hold {date}, {yyyymmdd}, {account} and others; headers, the user and password of
// basic authentication also {secret.<name>}. docs/interface/statement-files.md lists them.

const Text = Type.String({ minLength: 1, maxLength: 1_000 })
const HeaderName = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9-]{0,79}$' })

const PlanSchema = Type.Object(
  {
    url: Type.String({ minLength: 1, maxLength: 1_000 }),
    /** As the file is called then; without it, by the last part of the path. */
    fileName: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    headers: Type.Optional(Type.Record(HeaderName, Text, { maxProperties: 20 })),
    basic: Type.Optional(
      Type.Object({ user: Text, password: Text }, { additionalProperties: false }),
    ),
    /** A header with a code over a text that both sides can make. */
    signature: Type.Optional(
      Type.Object(
        {
          algorithm: Type.Enum(['hmac-sha256', 'hmac-sha512']),
          /** The name of the secret that is the key. */
          key: Type.String({ pattern: '^[a-zA-Z][a-zA-Z0-9_]{0,39}$' }),
          text: Text,
          encoding: Type.Enum(['hex', 'base64']),
          header: HeaderName,
          /** Around {signature}, where the header holds more than it. */
          value: Type.Optional(Text),
        },
        { additionalProperties: false },
      ),
    ),
    /** Answers by which the list is not there yet. */
    notYet: Type.Optional(
      Type.Array(Type.Integer({ minimum: 200, maximum: 599 }), { maxItems: 10 }),
    ),
  },
  { additionalProperties: false },
)

export type HttpsPlan = Type.Static<typeof PlanSchema>

const compiled = Compile(PlanSchema)

const OF_THE_LIST = ['date', 'yyyymmdd', 'yyyymm', 'account'] as const
const OF_THE_CALL = ['timestamp', 'nonce'] as const
const OF_THE_SIGNED = ['method', 'host', 'path'] as const

/** Values for a text, by their names. */
export type Values = Readonly<Record<string, string>>

const NAME = /\{([^{}]*)\}/g

export const fill = (text: string, values: Values): string =>
  text.replaceAll(NAME, (whole, name: string) => values[name] ?? whole)

export function readPlan(plan: unknown): HttpsPlan {
  return compiled.Parse(plan)
}

/** Why lists cannot be fetched by this plan; null when they can. */
export function problemOfPlan(plan: unknown, secretNames: readonly string[]): string | null {
  if (!compiled.Check(plan)) {
    const [first] = compiled.Errors(plan)
    return `${first?.instancePath ?? ''} ${first?.message ?? 'is wrong'}`.trim()
  }
  const { url, fileName, headers = {}, basic, signature } = plan
  const secrets = secretNames.map((name) => `secret.${name}`)
  const call = [...OF_THE_LIST, ...OF_THE_CALL]
  const inHeaders = [...call, ...secrets]
  const unknown = [
    ...unknownIn('url', url, OF_THE_LIST),
    ...unknownIn('fileName', fileName ?? '', OF_THE_LIST),
    ...Object.entries(headers).flatMap(([name, text]) => unknownIn(name, text, inHeaders)),
    ...unknownIn('basic', `${basic?.user ?? ''}${basic?.password ?? ''}`, inHeaders),
    ...unknownIn('signature', signature?.text ?? '', [...call, ...OF_THE_SIGNED]),
    ...unknownIn('signature', signature?.value ?? '', [...inHeaders, 'signature']),
  ]
  if (unknown[0] !== undefined) return unknown[0]
  if (signature && !secretNames.includes(signature.key)) {
    return `signature: there is no secret ${signature.key}`
  }
  return problemOfUrl(url)
}

function problemOfUrl(template: string): string | null {
  const text = fill(template, { date: '2000-01-01', yyyymmdd: '20000101', yyyymm: '200001' })
  if (!URL.canParse(text)) return 'url: it is none'
  const { protocol, username, password, hash, host } = new URL(text)
  if (protocol !== 'https:' && protocol !== 'http:') return 'url: it is not https'
  if (username !== '' || password !== '') return 'url: a password in it would be seen'
  if (hash !== '') return 'url: what follows # is never sent'
  return host === new URL(template.replaceAll(NAME, 'x')).host ? null : 'url: its host is fixed'
}

function unknownIn(where: string, text: string, known: readonly string[]): string[] {
  return [...text.matchAll(NAME)].flatMap(([, name = '']) =>
    known.includes(name) ? [] : [`${where}: {${name}} is not known here`],
  )
}
