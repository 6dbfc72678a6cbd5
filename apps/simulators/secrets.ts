import { generateKeyPairSync } from 'node:crypto'

import { sm2 } from 'sm-crypto-v2'

import { type Random, randomHex } from '../../kernel/random.ts'
import { makeUnionPayKeys, type UnionPayKeys } from './unionpay/index.ts'
import type { World } from './world/index.ts'

/** Every key and secret of a sandbox region: what each party has been given by the others. */
export type RegionSecrets = {
  wechat: {
    platform: KeyPair & { publicKeyId: string }
    merchants: (KeyPair & {
      hospitalId: number
      mchid: string
      appid: string
      serial: string
      apiV3Key: string
      apiV2Key: string
    })[]
  }
  alipay: {
    platform: KeyPair
    merchants: (KeyPair & { hospitalId: number; appId: string; sellerId: string })[]
  }
  unionpay: { keys: UnionPayKeys; merchants: { hospitalId: number; merId: string }[] }
  digitalRmb: {
    wallet: HexKeyPair
    merchants: (HexKeyPair & { hospitalId: number; merchantNo: string; sm4Key: string })[]
  }
  banks: {
    hospitalId: number
    merchantId: string
    terminals: { id: string; masterKey: string }[]
  }[]
  insurance: {
    admdvs: string
    hospitals: { hospitalId: number; paasid: string; secretKey: string }[]
  }
  commercial: {
    direct: { hospitalId: number; appId: string; secret: string }[]
    fhir: { hospitalId: number; clientId: string; clientSecret: string }[]
  }
  /** A bank that lends, and the hub as its partner. */
  lender: { bank: KeyPair; hub: KeyPair; partnerNo: string }
  his: {
    hub: KeyPair & { keyId: string }
    hospitals: (KeyPair & { hospitalId: number; keyId: string })[]
  }
}

export type KeyPair = { privateKeyPem: string; publicKeyPem: string }

/** SM2, in hex. */
export type HexKeyPair = { privateKey: string; publicKey: string }

const APPID = 'wx8a5f2c9e1b7d3046'
const FIRST_MCHID = 1_900_000_100
const FIRST_RMB_MERCHANT = 880_100_000_000
const ADMDVS = '990100'

/** Makes the secrets of a new region, its certificates valid from `now`. Takes some seconds: twenty RSA keys. */
export function makeRegionSecrets(world: World, random: Random, now: Date): RegionSecrets {
  return {
    wechat: {
      platform: { ...makeKeyPair(), publicKeyId: `PUB_KEY_ID_${randomHex(random, 16)}` },
      merchants: world.hospitals.map(({ id }) => ({
        ...makeKeyPair(),
        hospitalId: id,
        mchid: String(FIRST_MCHID + id),
        appid: APPID,
        serial: randomHex(random, 20).toUpperCase(),
        apiV3Key: randomHex(random, 16),
        apiV2Key: randomHex(random, 16),
      })),
    },
    alipay: {
      platform: makeKeyPair(),
      merchants: world.hospitals.map(({ id }) => ({
        ...makeKeyPair(),
        hospitalId: id,
        appId: `20210001${String(id).padStart(8, '0')}`,
        sellerId: `20889900${String(id).padStart(8, '0')}`,
      })),
    },
    unionpay: unionPaySecrets(world, random, now),
    digitalRmb: {
      wallet: makeHexKeyPair(),
      merchants: world.hospitals.map(({ id }) => ({
        ...makeHexKeyPair(),
        hospitalId: id,
        merchantNo: String(FIRST_RMB_MERCHANT + id),
        sm4Key: randomHex(random, 16),
      })),
    },
    banks: world.hospitals.map(({ id }) => ({
      hospitalId: id,
      merchantId: `8985101806${String(id).padStart(5, '0')}`,
      terminals: [
        { id: `T${String(id).padStart(7, '0')}`, masterKey: randomHex(random, 16).toUpperCase() },
      ],
    })),
    insurance: {
      admdvs: ADMDVS,
      hospitals: world.hospitals.map(({ id }) => ({
        hospitalId: id,
        paasid: `yq_${id}`,
        secretKey: randomHex(random, 16),
      })),
    },
    commercial: commercialSecrets(world, random),
    lender: { bank: makeKeyPair(), hub: makeKeyPair(), partnerNo: 'YQ0001' },
    his: {
      hub: { ...makeKeyPair(), keyId: 'hub-1' },
      hospitals: world.hospitals.map(({ id }) => ({
        ...makeKeyPair(),
        hospitalId: id,
        keyId: `his-${id}`,
      })),
    },
  }
}

const commercialSecrets = (world: World, random: Random): RegionSecrets['commercial'] => ({
  direct: world.hospitals.map(({ id }) => ({
    hospitalId: id,
    appId: `hospital-${id}`,
    secret: randomHex(random, 16),
  })),
  fhir: world.hospitals.map(({ id }) => ({
    hospitalId: id,
    clientId: `hospital-${id}`,
    clientSecret: randomHex(random, 16),
  })),
})

function unionPaySecrets(world: World, random: Random, now: Date): RegionSecrets['unionpay'] {
  const merchants = world.hospitals.map(({ id }) => ({
    hospitalId: id,
    merId: `8983401839${String(id).padStart(5, '0')}`,
  }))
  const merIds = merchants.map(({ merId }) => merId)
  return { keys: makeUnionPayKeys(now, random, merIds), merchants }
}

function makeHexKeyPair(): HexKeyPair {
  const { privateKey, publicKey } = sm2.generateKeyPairHex()
  return { privateKey, publicKey }
}

function makeKeyPair(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
  }
}
