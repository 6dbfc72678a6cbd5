import { generateKeyPairSync } from 'node:crypto'

import { createNewId, type HospitalId } from '../../../kernel/id.ts'
import { randomHex } from '../../../kernel/random.ts'
import { SECOND_MS, toShanghaiIso } from '../../../kernel/time.ts'
import { tradeNoOf } from '../../../kernel/trade-no.ts'
import { systemClock, systemRandom } from '../../../platform/system.ts'
import { answerText, readPrivateKey, seal, sign } from '../../simulators/wechatpay/signing.ts'

/** A notice as it comes: what proves it is in its headers. */
export type SignedNotice = { headers: Record<string, string>; body: string }

/** A merchant of WeChat Pay's, and the hand that signs notices to it. */
export type Signer = {
  /** Of the hospital's connection to WeChat Pay. */
  params: object
  /** Of its connection to its own system. */
  systemParams: object
  /** Each of another order. They are believed for five minutes. */
  notices: (hospitalId: HospitalId, count: number) => SignedNotice[]
}

const MCHID = '1900000109'
const APPID = 'wx8888888888888888'
const KEY_ID = 'PUB_KEY_ID_0119000001092026112100000001'
const TRANSACTION = 'transaction'

/** `deadUrl` is where WeChat would be asked, were anybody to ask. */
export function createSigner(deadUrl: string): Signer {
  const [merchant, platform] = [newKeys(), newKeys()]
  const apiV3Key = randomHex(systemRandom, 16)
  const privateKey = readPrivateKey(platform.privateKey)
  const newId = createNewId(systemClock, systemRandom)
  const params = {
    mchid: MCHID,
    appid: APPID,
    merchantSerial: randomHex(systemRandom, 20).toUpperCase(),
    merchantPrivateKeyPem: merchant.privateKey,
    apiV3Key,
    platformKeys: [{ id: KEY_ID, publicKeyPem: platform.publicKey }],
    baseUrl: deadUrl,
    backupUrl: null,
    notifyUrl: `${deadUrl}/notices`,
    methods: ['account'],
  }
  const systemParams = {
    baseUrl: deadUrl,
    hubKeyId: 'hub-1',
    hubPrivateKeyPem: merchant.privateKey,
    hospitalKeyId: 'his-1',
    hospitalPublicKeyPem: platform.publicKey,
  }
  return { params, systemParams, notices }

  function notices(hospitalId: HospitalId, count: number): SignedNotice[] {
    return Array.from({ length: count }, () => signed(envelopeOf(tradeNoOf(hospitalId, newId()))))
  }

  function envelopeOf(tradeNo: string): string {
    const at = toShanghaiIso(systemClock.now())
    const nonce = randomHex(systemRandom, 6)
    const plaintext = JSON.stringify(transactionOf(tradeNo, at))
    const secret = { apiV3Key, nonce, associatedData: TRANSACTION }
    return JSON.stringify({
      id: newId(),
      create_time: at,
      resource_type: 'encrypt-resource',
      event_type: 'TRANSACTION.SUCCESS',
      summary: '支付成功',
      resource: {
        original_type: TRANSACTION,
        algorithm: 'AEAD_AES_256_GCM',
        ciphertext: seal(plaintext, secret),
        associated_data: TRANSACTION,
        nonce,
      },
    })
  }

  function signed(body: string): SignedNotice {
    const timestamp = String(Math.floor(systemClock.now().getTime() / SECOND_MS))
    const nonce = randomHex(systemRandom, 16)
    const headers = {
      'content-type': 'application/json',
      'wechatpay-timestamp': timestamp,
      'wechatpay-nonce': nonce,
      'wechatpay-signature': sign(privateKey, answerText(timestamp, nonce, body)),
      'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
      'wechatpay-serial': KEY_ID,
    }
    return { headers, body }
  }
}

const transactionOf = (tradeNo: string, at: string) => ({
  appid: APPID,
  mchid: MCHID,
  out_trade_no: tradeNo,
  transaction_id: `42000${tradeNo.slice(-23)}`,
  trade_type: 'JSAPI',
  trade_state: 'SUCCESS',
  trade_state_desc: '支付成功',
  bank_type: 'OTHERS',
  attach: '',
  success_time: at,
  payer: { openid: 'openid-1' },
  amount: { total: 15_540, payer_total: 15_540, currency: 'CNY', payer_currency: 'CNY' },
})

const newKeys = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
