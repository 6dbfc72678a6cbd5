import { generateKeyPairSync } from 'node:crypto'

import { type Random, randomHex } from '../../kernel/random.ts'
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
  insurance: {
    admdvs: string
    hospitals: { hospitalId: number; paasid: string; secretKey: string }[]
  }
  his: {
    hub: KeyPair & { keyId: string }
    hospitals: (KeyPair & { hospitalId: number; keyId: string })[]
  }
}

export type KeyPair = { privateKeyPem: string; publicKeyPem: string }

const APPID = 'wx8a5f2c9e1b7d3046'
const FIRST_MCHID = 1_900_000_100
const ADMDVS = '990100'

/** Makes the secrets of a new region. Takes a second or two: eight RSA keys. */
export function makeRegionSecrets(world: World, random: Random): RegionSecrets {
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
    insurance: {
      admdvs: ADMDVS,
      hospitals: world.hospitals.map(({ id }) => ({
        hospitalId: id,
        paasid: `yq_${id}`,
        secretKey: randomHex(random, 16),
      })),
    },
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

function makeKeyPair(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
  }
}
