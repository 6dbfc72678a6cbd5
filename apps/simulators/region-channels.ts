import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { assert } from '../../kernel/assert.ts'
import { fen } from '../../kernel/money.ts'
import type { Random } from '../../kernel/random.ts'
import type { Clock } from '../../kernel/time.ts'
import { startAlipay } from './alipay/index.ts'
import { startBank } from './bank/index.ts'
import { startGenericWallet } from './generic-wallet/index.ts'
import type { FaultPlan } from './kit/simulator.ts'
import type { RegionSecrets } from './secrets.ts'
import { startUnionPay } from './unionpay/index.ts'
import { startWechatPay } from './wechatpay/index.ts'
import type { World, WorldPerson } from './world/index.ts'

// The payment channels of a region: every hospital is a merchant of each, and everybody has a wallet or a card at each.

export type OutsideParts = {
  world: World
  secrets: RegionSecrets
  clock: Clock
  random: Random
  faults: FaultPlan
  /** A folder for the books. */
  folder: string
  /** 0 for any that is free. */
  port: number
}

const WALLET_BALANCE = fen(5_000_000)
const FEE_PPM = { wechat: 2_000, alipay: 2_000, unionpay: 3_800, bank: 3_000, digitalRmb: 0 }

export function startWechatWallet({ world, secrets, folder, ...rest }: OutsideParts) {
  const { platform, merchants } = secrets.wechat
  return startWechatPay({
    ...rest,
    databaseFile: join(folder, 'wechat.sqlite'),
    platformKey: platform,
    merchants: merchants.map(({ hospitalId, serial, publicKeyPem, ...merchant }) => ({
      ...merchant,
      name: hospitalOf(world, hospitalId).name,
      merchantSerial: serial,
      merchantPublicKeyPem: publicKeyPem,
      feePpm: FEE_PPM.wechat,
    })),
    wallets: world.people.map(({ openid, name }) => ({ openid, name, balanceFen: WALLET_BALANCE })),
  })
}

export function startAlipayWallet({
  world,
  secrets,
  folder,
  hubUrl,
  ...rest
}: OutsideParts & { hubUrl: string | null }) {
  const { platform, merchants } = secrets.alipay
  return startAlipay({
    ...rest,
    databaseFile: join(folder, 'alipay.sqlite'),
    platform: { privateKeyPem: platform.privateKeyPem },
    apps: merchants.map(({ hospitalId, appId, sellerId, publicKeyPem }) => ({
      appId,
      sellerId,
      name: hospitalOf(world, hospitalId).name,
      appPublicKeyPem: publicKeyPem,
      feePpm: FEE_PPM.alipay,
      // Whoever ends an agreement in their wallet is told of there, whatever address it was signed with.
      ...(hubUrl ? { gatewayUrl: `${hubUrl}/v1/hospitals/${hospitalId}/notices/alipay` } : {}),
    })),
    wallets: world.people.map((person) => ({
      buyerId: alipayBuyerId(person),
      openId: `yq${String(person.no).padStart(10, '0')}`,
      logonId: `${person.phone.slice(0, 3)}****${person.phone.slice(-4)}`,
      name: person.name,
      balanceFen: WALLET_BALANCE,
    })),
    cancelEndsUnscannedCode: true,
  })
}

/** The number of somebody's wallet at Alipay. */
export const alipayBuyerId = ({ no }: WorldPerson): string => `2088${String(no).padStart(12, '0')}`

export function startUnionPayNetwork({ world, secrets, folder, ...rest }: OutsideParts) {
  const { merchants, keys } = secrets.unionpay
  return startUnionPay({
    ...rest,
    databaseFile: join(folder, 'unionpay.sqlite'),
    signer: keys.signer,
    merchants: merchants.map(({ hospitalId, merId }) => {
      const own = keys.merchants.find((merchant) => merchant.merId === merId)
      assert(own, `${merId} has a certificate`)
      const { certificatePem } = own
      return {
        merId,
        certificatePem,
        name: hospitalOf(world, hospitalId).name,
        feePpm: FEE_PPM.unionpay,
      }
    }),
    cards: world.people.map(({ media, name }) => ({
      cardNo: media.bankCardNo,
      holder: name,
      balanceFen: WALLET_BALANCE,
    })),
    // A visit, where UnionPay posts: the patient app is a page that takes no form.
    frontReturn: 'get',
  })
}

export function startDigitalRmb({ world, secrets, folder, ...rest }: OutsideParts) {
  const { wallet, merchants } = secrets.digitalRmb
  assert(world.people.length > 0, 'somebody pays')
  return startGenericWallet({
    ...rest,
    databaseFile: join(folder, 'digital-rmb.sqlite'),
    merchants: merchants.map(({ hospitalId, merchantNo }) => ({
      merchantNo,
      name: hospitalOf(world, hospitalId).name,
      feePpm: FEE_PPM.digitalRmb,
    })),
    dialect: {
      kind: 'digital_rmb',
      keys: {
        privateKey: wallet.privateKey,
        merchants: Object.fromEntries(
          merchants.map(({ merchantNo, publicKey, sm4Key }) => [merchantNo, { publicKey, sm4Key }]),
        ),
      },
    },
  })
}

/** Each hospital's bank speaks another dialect of ISO 8583, as banks do. */
const BANK_DIALECTS = ['cups', 'ascii128', 'columns'] as const
const MACS = { cups: 'ecb', ascii128: 'x9.19', columns: 'x9.9' } as const

export const dialectOf = (hospitalId: number) =>
  BANK_DIALECTS[(hospitalId - 1) % BANK_DIALECTS.length] ?? 'cups'

/** Everybody's, in a sandbox. */
const CARD_PIN = '135790'

export function startHospitalBank(
  { world, secrets, folder, faults, ...rest }: OutsideParts,
  hospitalId: number,
) {
  const contract = secrets.banks.find((bank) => bank.hospitalId === hospitalId)
  assert(contract, `hospital ${hospitalId} has a bank`)
  const dialect = dialectOf(hospitalId)
  const dayFileFolder = bankFilesIn(folder)
  mkdirSync(dayFileFolder, { recursive: true })
  return startBank({
    ...rest,
    // A bank knows a message by its number alone, so each is a first attempt of its own.
    faults: ({ operation, attempt }) => {
      const key = `${hospitalId}#${attempt}`
      const fault = faults({ simulator: 'bank', operation, key, attempt: 1 })
      return fault && bankFaultOf(fault)
    },
    databaseFile: join(folder, `bank-${hospitalId}.sqlite`),
    dialect,
    mac: MACS[dialect],
    merchantId: contract.merchantId,
    terminals: contract.terminals,
    cards: world.people.map(({ media }) => ({
      pan: media.bankCardNo,
      balanceFen: WALLET_BALANCE,
      pin: CARD_PIN,
    })),
    dayFileFolder,
    dayFileAt: '05:00:00',
    feePpm: FEE_PPM.bank,
  })
}

/** Where the banks lay down their lists of a day. */
export const bankFilesIn = (folder: string): string => join(folder, 'bank-files')

/** What a terminal reads of somebody's card, with the number they type. */
export const cardTokenOf = ({ media }: WorldPerson): string =>
  JSON.stringify({
    entryMode: '051',
    pan: media.bankCardNo,
    expiry: '3012',
    sequence: '001',
    track2: `${media.bankCardNo}=30122210000012345`,
    chipData: '9F2608A1B2C3D4E5F60718',
    pin: CARD_PIN,
  })

/** The same on a line: what is never answered there would be waited for in real time, so the line is cut instead. */
function bankFaultOf(fault: NonNullable<ReturnType<FaultPlan>>) {
  switch (fault.kind) {
    case 'refuse':
    case 'drop':
      return { kind: 'refuse' } as const
    case 'lose_answer':
      return { kind: 'cut_answer' } as const
    case 'garble':
      return { kind: 'wrong_mac' } as const
    case 'decline':
      return fault
    default:
      return null
  }
}

export function hospitalOf(world: World, id: number) {
  const hospital = world.hospitals.find((h) => h.id === id)
  assert(hospital, `the world has hospital ${id}`)
  return hospital
}
