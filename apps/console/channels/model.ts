import type { components, operations } from '../../../contract/hub.d.ts'

// What the hub tells and takes of channels, by the names that the pages use.

type Schemas = components['schemas']
type BodyOf<Id extends keyof operations> = operations[Id] extends {
  requestBody: { content: { 'application/json': infer Body } }
}
  ? Body
  : never

export type Channel = Schemas['PaymentChannel']
export type ChannelHealth = Channel['health']
export type HealthPoint = Schemas['ChannelHealthPoint']
export type ChannelAlert = Schemas['ChannelAlert']
export type ChannelDocument = Schemas['ChannelDocument']
export type ChannelReport = Schemas['ChannelReport']
export type Finding = ChannelReport['dimensions'][number]['findings'][number]
export type TierChange = Schemas['ChannelTierChange']
export type KeptRules = Schemas['ChannelRules']
export type Rules = KeptRules['rules']
export type Rule = Rules['rules'][number]
export type Choices = Schemas['ChannelChoices']
export type Terms = BodyOf<'saveChannel'>
export type Wish = BodyOf<'tryChannelRules'>
export type Tier = NonNullable<Channel['tier']>
export type Method = Channel['methods'][number]
export type Scene = Channel['scenes'][number]
export type DocumentKind = ChannelDocument['kind']
export type Params = Record<string, string | number>

/** Words: channels.tiers.<tier>; "none" for what is not admitted. The order is that of rank. */
export const TIERS = ['core', 'auxiliary', 'backup'] as const satisfies readonly Tier[]

/** Words: channels:methods.<method>. */
export const METHODS = [
  'account',
  'qr_code',
  'page',
  'app',
  'barcode',
  'card',
  'counter',
] as const satisfies readonly Method[]

/** Words: channels:scenes.<scene>. */
export const SCENES = [
  'outpatient',
  'registration',
  'inpatient_deposit',
  'discharge',
  'online_consult',
  'pharmacy',
  'health_check',
  'top_up',
] as const satisfies readonly Scene[]

/** Words: channels.documentKinds.<kind>. */
export const DOCUMENT_KINDS = [
  'payment_licence',
  'agreement',
  'security_assessment',
  'data_protection',
] as const satisfies readonly DocumentKind[]

/** What may be where a payer is. Words: channels.devices.<device>. */
export const DEVICES = ['browser', 'screen', 'sdk', 'scanner', 'card_reader', 'window'] as const

/** What a channel is held to when it answers. */
export const MOST_P99_MS = 500

/** The terms of a channel without what only the hub knows of it. */
export function termsOf(channel: Channel): Terms {
  const {
    name: _name,
    tier: _tier,
    isConnected: _connected,
    connectedMethods: _can,
    health: _health,
    taken: _taken,
    ...terms
  } = channel
  return terms
}
