import { sm2 } from 'sm-crypto-v2'

import {
  type GenericWallet,
  type GenericWalletOptions,
  startGenericWallet,
} from '../../../../apps/simulators/generic-wallet/index.ts'
import type { Fault } from '../../../../apps/simulators/kit/simulator.ts'
import type { HospitalId } from '../../../../kernel/id.ts'
import { seededRandom } from '../../../../kernel/random.ts'
import type { ChannelBench, Trouble } from '../../../../modules/channels/suite/channel-bench.ts'
import type { ChargeOrder, PayerAction, PayMethod } from '../../../../modules/payments/index.ts'
import type { ExplainStep } from '../../../../platform/descriptor/explain.ts'
import { createDeclarativeChannel, readDeclarativeParams } from '../index.ts'
import { type BenchClock, benchClock, descriptorOf, openInbox, orderMaker } from './bench-kit.ts'

// The specimen wallets' descriptors before their simulator.

const walletKeys = sm2.generateKeyPairHex()
const merchantKeys = sm2.generateKeyPairHex()

const OWN = { hospitalId: 1 as HospitalId, merchantNo: '880100000001' }
const OTHER = { hospitalId: 2 as HospitalId, merchantNo: '880100000002' }
const SM4_KEYS = {
  own: '0123456789abcdeffedcba9876543210',
  other: '00112233445566778899aabbccddeeff',
}
const SECRETS = {
  own: 'partner-secret-of-the-first-01',
  other: 'partner-secret-of-the-other-02',
}

type Merchant = typeof OWN

const WALLETS: Record<'digital-rmb' | 'cross-border-wallet', WalletKind> = {
  'digital-rmb': {
    method: 'qr_code',
    reply: { status: 200, body: 'OK' },
    dialect: {
      kind: 'digital_rmb',
      keys: {
        privateKey: walletKeys.privateKey,
        merchants: {
          [OWN.merchantNo]: { publicKey: merchantKeys.publicKey, sm4Key: SM4_KEYS.own },
          [OTHER.merchantNo]: { publicKey: merchantKeys.publicKey, sm4Key: SM4_KEYS.other },
        },
      },
    },
    paramsOf: (merchant) => ({
      merchantNo: merchant.merchantNo,
      merchantPrivateKey: merchantKeys.privateKey,
      walletPublicKey: walletKeys.publicKey,
      sm4Key: merchant === OWN ? SM4_KEYS.own : SM4_KEYS.other,
    }),
    secrets: [SM4_KEYS.own, merchantKeys.privateKey],
  },
  'cross-border-wallet': {
    method: 'page',
    reply: { status: 204, body: '' },
    dialect: {
      kind: 'cross_border',
      keys: { partners: { [OWN.merchantNo]: SECRETS.own, [OTHER.merchantNo]: SECRETS.other } },
    },
    paramsOf: (merchant) => ({
      partnerNo: merchant.merchantNo,
      partnerSecret: merchant === OWN ? SECRETS.own : SECRETS.other,
    }),
    secrets: [SECRETS.own],
  },
}

export type WalletBench = ChannelBench & { simulator: GenericWallet }

export async function openWalletBench(
  name: keyof typeof WALLETS,
  explain?: (step: ExplainStep) => void,
): Promise<WalletBench> {
  const wallet = WALLETS[name]
  const clock = benchClock()
  const random = seededRandom(`declared ${name}`)
  const inbox = await openInbox(wallet.reply)
  let nextTrouble: Trouble | null = null
  const simulator = await startSimulator(wallet, clock, () => {
    const kind = nextTrouble
    nextTrouble = null
    return kind === null ? null : { kind }
  })
  const descriptor = descriptorOf(name)
  const channelOf = (merchant: Merchant) =>
    createDeclarativeChannel(
      descriptor,
      readDeclarativeParams(descriptor, {
        ...wallet.paramsOf(merchant),
        baseUrl: simulator.url,
        notifyUrl: `${inbox.url}/v1/hospitals/${merchant.hospitalId}/notices/${name}`,
      }),
      { clock, random, timeoutMs: 5_000, ...(explain ? { explain } : {}) },
    )
  const orderOf = orderMaker(clock, wallet.method, name)
  const received = async () => {
    await simulator.runDue()
    return inbox.received.map((notice) => ({ ...notice, hospitalId: OWN.hospitalId }))
  }
  const later = async (move: () => void) => {
    move()
    await simulator.runDue()
  }
  return {
    channel: channelOf(OWN),
    simulator,
    method: wallet.method,
    clock,
    newOrder: (changes) => orderOf(OWN.hospitalId, changes),
    pay: (order, action) => payAt(simulator, order, action),
    notices: received,
    trouble: (kind) => void (nextTrouble = kind),
    endDay: () => later(() => clock.toNextDay('10:30:00')),
    books: ({ tradeNo }) => Promise.resolve(simulator.books(tradeNo)),
    pass: (ms) => later(() => clock.advance(ms)),
    async foreignNotices() {
      const order = orderOf(OTHER.hospitalId)
      const call = { hospitalId: OTHER.hospitalId, trace: () => {} }
      await channelOf(OTHER).charge(call, order)
      await payAt(simulator, order, null)
      return received()
    },
    secrets: wallet.secrets,
    async close() {
      const problems = simulator.checkBooks()
      await simulator.stop()
      await inbox.close()
      if (problems.length > 0) throw new Error(problems.join('; '))
    },
  }
}

const startSimulator = (wallet: WalletKind, clock: BenchClock, nextFault: () => Fault | null) =>
  startGenericWallet({
    clock,
    random: seededRandom('specimen wallet'),
    faults: ({ operation }) => (operation.startsWith('notify') ? null : nextFault()),
    databaseFile: ':memory:',
    port: 0,
    merchants: [OWN, OTHER].map(({ merchantNo }) => ({ merchantNo, feePpm: 2_000 })),
    dialect: wallet.dialect,
  })

/** The payer scans what the payer is shown; without it they have seen it before. */
async function payAt(
  simulator: GenericWallet,
  { tradeNo }: ChargeOrder,
  action: PayerAction | null,
): Promise<void> {
  const target =
    action?.kind === 'qr_code' ? action.content : action?.kind === 'page' ? action.url : tradeNo
  const outcome = simulator.pay(target)
  if (outcome !== 'paid') throw new Error(`the wallet says ${outcome}`)
  await simulator.runDue()
}

type WalletKind = {
  method: PayMethod
  reply: { status: number; body: string }
  dialect: GenericWalletOptions['dialect']
  paramsOf(merchant: Merchant): Record<string, string>
  secrets: readonly string[]
}
