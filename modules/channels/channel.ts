import type { Fen } from '../../kernel/money.ts'
import type { PayMethod } from '../payments/index.ts'

/** core: what most payments take. auxiliary: offered beside. backup: only while no core channel can be had. */
export const TIERS = ['core', 'auxiliary', 'backup'] as const

export type Tier = (typeof TIERS)[number]

/** What is paid for: 门诊缴费、挂号、住院预交、出院结算、在线问诊、购药、体检、账户充值. */
export const SCENES = [
  'outpatient',
  'registration',
  'inpatient_deposit',
  'discharge',
  'online_consult',
  'pharmacy',
  'health_check',
  'top_up',
] as const

export type Scene = (typeof SCENES)[number]

/** What the place where the payer is must have for a method. `app` means inside the provider's own app: `app:wechat`. */
const NEED_OF_METHOD: Record<Exclude<PayMethod, 'agreement'>, Device | 'app'> = {
  account: 'app',
  qr_code: 'screen',
  page: 'browser',
  app: 'sdk',
  barcode: 'scanner',
  card: 'card_reader',
  counter: 'window',
}

export const METHODS = Object.keys(NEED_OF_METHOD) as readonly PayMethod[]

/**
 * screen: one of ours that the payer can scan. browser: on the payer's device. sdk: an app of ours. scanner, card_reader,
 * window: a kiosk's or a counter's. app:<channel>: the payer is inside that provider's app.
 */
export type Device =
  | 'screen'
  | 'browser'
  | 'sdk'
  | 'scanner'
  | 'card_reader'
  | 'window'
  | `app:${string}`

/** True when a payer at such a place can pay like that; a place of which nothing is known allows every method. */
export function fitsDevices(
  method: PayMethod,
  channel: string,
  devices: readonly Device[] | null,
): boolean {
  if (devices === null || method === 'agreement') return true
  const need = NEED_OF_METHOD[method]
  return need === 'app' ? devices.includes(`app:${channel}`) : devices.includes(need)
}

/** What a hospital has agreed with a channel, and where it has switched it on. */
export type ChannelTerms = {
  title: { zh: string; en: string }
  /** The usual one first; never empty. */
  methods: readonly PayMethod[]
  scenes: readonly Scene[]
  /** Codes of departments; null for all. */
  departments: readonly string[] | null
  paymentLimitFen: Fen | null
  dayLimitFen: Fen | null
  feePpm: number
  /** For each payment, beside the share. */
  feeFixedFen: Fen
  /** T+n by contract, in days. */
  settlementDays: number
  /** The share of all payments that was promised to it, in parts per million; null for no promise. */
  sharePpm: number | null
  enabled: boolean
  /** Decides between equals, the smaller first. */
  order: number
}

/** `name` is the provider's, as in tenders. Without a tier it is not admitted and never offered. */
export type RegisteredChannel = ChannelTerms & { name: string; tier: Tier | null }

/** Words of the routes under …/channels/, which a channel can therefore not be called. */
export const RESERVED_NAMES: readonly string[] = ['rules', 'alerts', 'dry-run', 'offers']
