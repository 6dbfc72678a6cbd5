import type { components } from '../../../contract/hub.d.ts'

type Schemas = components['schemas']
type Channel = Schemas['PaymentChannel']

// Channels as the hub tells of them, for the tests of their pages.

export const someChannel = (changes: Partial<Channel> = {}): Channel => ({
  name: 'wechat',
  title: { zh: '微信支付', en: 'WeChat Pay' },
  tier: 'core',
  methods: ['qr_code', 'page'],
  scenes: ['outpatient'],
  departments: null,
  paymentLimitFen: 500_000,
  dayLimitFen: null,
  feePpm: 3_800,
  feeFixedFen: 0,
  settlementDays: 1,
  sharePpm: 400_000,
  enabled: true,
  order: 0,
  isConnected: true,
  connectedMethods: ['qr_code', 'page'],
  health: {
    state: 'closed',
    openedAt: null,
    retryAt: null,
    calls: 40,
    answered: 39,
    declined: 0,
    unknown: 1,
    failed: 0,
    availabilityPpm: 975_000,
    charges: 30,
    chargesAnswered: 29,
    chargesDeclined: 0,
    p50Ms: 80,
    p99Ms: 620,
  },
  taken: {
    todayFen: 123_450,
    todayCount: 12,
    windowFen: 123_450,
    windowCount: 12,
    windowDays: 30,
    shareBy: 'amount',
    sharePpm: 120_000,
  },
  ...changes,
})

export const someAlert = (
  changes: Partial<Schemas['ChannelAlert']> = {},
): Schemas['ChannelAlert'] => ({
  id: '0193a000-0000-7000-8000-0000000000a1',
  channel: 'wechat',
  class: 'down',
  figures: { state: 'open', calls: 5, silent: 5, retryAt: '2026-11-22T02:08:00.000Z' },
  openedAt: '2026-11-22T02:07:00.000Z',
  seenAt: '2026-11-22T02:07:00.000Z',
  closedAt: null,
  acknowledgedBy: null,
  acknowledgedAt: null,
  note: null,
  answerBy: '2026-11-22T02:37:00.000Z',
  isOverdue: false,
  ...changes,
})

export const someRules = (
  changes: Partial<Schemas['ChannelRules']['rules']> = {},
): Schemas['ChannelRules'] => ({
  version: 3,
  updatedBy: 'system:seed',
  updatedAt: '2026-11-21T02:00:00.000Z',
  rules: {
    rules: [
      {
        name: '大额走银行卡',
        words: { zh: '大额缴费建议刷卡', en: 'A card suits large bills' },
        enabled: true,
        when: { amountFen: { from: 1_000_000 }, scenes: ['inpatient_deposit'] },
        effect: { do: 'prefer', channels: ['bank'], points: 20 },
      },
    ],
    shareWindowDays: 30,
    shareBy: 'amount',
    shareTolerancePpm: 2_000,
    failureCostPpm: 200_000,
    habitPpm: 1_000,
    slownessPpm: 500,
    ...changes,
  },
})
