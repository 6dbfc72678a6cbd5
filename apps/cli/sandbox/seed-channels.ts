import { readFileSync } from 'node:fs'

import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import type { ChannelTerms, Tier } from '../../../modules/channels/index.ts'
import { systemActor } from '../../../platform/principal.ts'
import type { Hub } from '../../hub/create-hub.ts'
import { dialectOf } from '../../simulators/region-channels.ts'
import type { RegionUrls } from '../../simulators/region.ts'
import type { RegionSecrets } from '../../simulators/secrets.ts'

/** The channels of the demo region: with which adapter and parameters, and on which terms. */

type Urls = RegionUrls & { hub: string }

type SeededChannel = {
  name: string
  adapter: string
  tier: Tier
  terms: Pick<ChannelTerms, 'title' | 'methods' | 'feePpm' | 'settlementDays'>
  paramsOf: (id: HospitalId, secrets: RegionSecrets, urls: Urls) => object
}

/** Says how each channel of a hospital is reached. Done at every start: ports may differ. */
export async function connectChannels(
  hub: Hub,
  id: HospitalId,
  secrets: RegionSecrets,
  { urls, only }: { urls: Urls; only?: readonly string[] | undefined },
): Promise<void> {
  for (const { name, adapter, paramsOf } of CHANNELS) {
    if (only && !only.includes(name)) continue
    await hub.hospitals.saveConnection(id, name, adapter, paramsOf(id, secrets, urls))
  }
}

/** Registers and admits them. Nothing has been measured in a new region, so the admission is an exception, and says so. */
export async function registerChannels(hub: Hub, id: HospitalId): Promise<void> {
  const actor = systemActor('sandbox')
  for (const [order, { name, tier, terms }] of CHANNELS.entries()) {
    await hub.channels.save(id, name, { ...ANY_PAYMENT, ...terms, order }, actor)
    const admission = { tier, reason: '演示区域开通', byException: true }
    await hub.channels.grantTier(id, name, admission, actor)
  }
}

const ANY_PAYMENT = {
  scenes: ['outpatient', 'registration'] as const,
  departments: null,
  paymentLimitFen: null,
  dayLimitFen: null,
  feeFixedFen: fen(0),
  sharePpm: null,
  enabled: true,
}

const CHANNELS: readonly SeededChannel[] = [
  {
    name: 'wechat',
    adapter: 'wechatpay',
    tier: 'core',
    terms: {
      title: { zh: '微信支付', en: 'WeChat Pay' },
      methods: ['account', 'qr_code', 'page', 'barcode'],
      feePpm: 2_000,
      settlementDays: 1,
    },
    paramsOf: wechatParams,
  },
  {
    name: 'alipay',
    adapter: 'alipay',
    tier: 'core',
    terms: {
      title: { zh: '支付宝', en: 'Alipay' },
      methods: ['page', 'qr_code', 'barcode'],
      feePpm: 2_000,
      settlementDays: 1,
    },
    paramsOf: alipayParams,
  },
  {
    name: 'unionpay',
    adapter: 'unionpay',
    tier: 'auxiliary',
    terms: {
      title: { zh: '云闪付', en: 'UnionPay' },
      methods: ['page', 'qr_code', 'barcode'],
      feePpm: 3_800,
      settlementDays: 1,
    },
    paramsOf: unionPayParams,
  },
  {
    name: 'bank',
    adapter: 'iso8583',
    tier: 'auxiliary',
    terms: {
      title: { zh: '银行卡（POS）', en: 'Bank card (POS)' },
      methods: ['card'],
      feePpm: 3_000,
      settlementDays: 1,
    },
    paramsOf: bankParams,
  },
  {
    name: 'digital_rmb',
    adapter: 'declarative',
    tier: 'auxiliary',
    terms: {
      title: { zh: '数字人民币', en: 'Digital RMB' },
      methods: ['qr_code'],
      feePpm: 0,
      settlementDays: 1,
    },
    paramsOf: digitalRmbParams,
  },
]

function wechatParams(id: HospitalId, { wechat }: RegionSecrets, urls: Urls) {
  const merchant = ownOf(wechat.merchants, id)
  return {
    mchid: merchant.mchid,
    appid: merchant.appid,
    merchantSerial: merchant.serial,
    merchantPrivateKeyPem: merchant.privateKeyPem,
    apiV3Key: merchant.apiV3Key,
    platformKeys: [{ id: wechat.platform.publicKeyId, publicKeyPem: wechat.platform.publicKeyPem }],
    baseUrl: urls.wechat,
    backupUrl: null,
    notifyUrl: noticeUrl(urls, id, 'wechat'),
    methods: ['account', 'qr_code', 'page', 'barcode'],
    mobileAppid: null,
    platformCertificates: false,
    barcode: {
      apiV2Key: merchant.apiV2Key,
      signType: 'HMAC-SHA256',
      merchantCertificatePem: null,
    },
  }
}

function alipayParams(id: HospitalId, { alipay }: RegionSecrets, urls: Urls) {
  const merchant = ownOf(alipay.merchants, id)
  return {
    appId: merchant.appId,
    sellerId: merchant.sellerId,
    appPrivateKeyPem: merchant.privateKeyPem,
    alipayPublicKeyPem: alipay.platform.publicKeyPem,
    certificates: null,
    contentKey: null,
    gatewayUrl: `${urls.alipay}/gateway.do`,
    notifyUrl: noticeUrl(urls, id, 'alipay'),
    appAuthToken: null,
    methods: ['page', 'qr_code', 'barcode'],
    payerAccount: 'buyer_id',
    opAppId: null,
    qrProductCode: 'QR_CODE_OFFLINE',
    cancelEndsUnscannedCode: true,
    agreements: {
      personalProductCode: 'GENERAL_WITHHOLDING_P',
      signScene: 'INDUSTRY|MEDICAL',
      accessChannel: 'ALIPAYAPP',
      mostPerPaymentFen: 30_000,
      mostPerDayFen: 100_000,
    },
  }
}

function unionPayParams(id: HospitalId, { unionpay }: RegionSecrets, urls: Urls) {
  const { merId } = ownOf(unionpay.merchants, id)
  const { keys } = unionpay
  const own = keys.merchants.find((merchant) => merchant.merId === merId)
  assert(own, `${merId} has a certificate`)
  const { privateKeyPem, certificatePem } = own
  return {
    merId,
    signing: { method: '01', privateKeyPem, certificatePem },
    trustedCertificatePems: [keys.rootCertificatePem, keys.middleCertificatePem],
    signerNames: ['中国银联股份有限公司'],
    gatewayUrl: urls.unionpay,
    fileUrl: urls.unionpay,
    backUrl: noticeUrl(urls, id, 'unionpay'),
    frontUrl: `${urls.hub}/patient/`,
    methods: ['page', 'qr_code', 'barcode'],
    pageChannelType: '08',
    terminalId: null,
    voidSameDay: true,
    settlementCutOff: '23:00:00',
    fileReadyFrom: '09:00:00',
  }
}

function bankParams(id: HospitalId, { banks }: RegionSecrets, urls: Urls) {
  const contract = ownOf(banks, id)
  const at = urls.banks[id]
  assert(at, `the bank of hospital ${id} has an address`)
  return {
    name: 'bank',
    profile: dialectOf(id),
    ...at,
    merchantId: contract.merchantId,
    operator: '001',
    terminals: contract.terminals.map(({ id: terminal, masterKey }) => ({ terminal, masterKey })),
    methods: ['card'],
    macAlgorithm: null,
    prefix: null,
    reversalTries: 3,
    dayFile: { cutOver: '00:00:00', readyAt: '06:00:00' },
  }
}

const DESCRIPTORS = new URL('../../../adapters/channels/declarative/descriptors/', import.meta.url)

function digitalRmbParams(id: HospitalId, { digitalRmb }: RegionSecrets, urls: Urls) {
  const merchant = ownOf(digitalRmb.merchants, id)
  return {
    descriptor: readFileSync(new URL('digital-rmb.yaml', DESCRIPTORS), 'utf8'),
    params: {
      merchantNo: merchant.merchantNo,
      merchantPrivateKey: merchant.privateKey,
      walletPublicKey: digitalRmb.wallet.publicKey,
      sm4Key: merchant.sm4Key,
      baseUrl: urls.digitalRmb,
      notifyUrl: noticeUrl(urls, id, 'digital_rmb'),
    },
  }
}

const noticeUrl = ({ hub }: Urls, id: HospitalId, channel: string) =>
  `${hub}/v1/hospitals/${id}/notices/${channel}`

function ownOf<T extends { hospitalId: number }>(merchants: readonly T[], id: HospitalId): T {
  const own = merchants.find(({ hospitalId }) => hospitalId === id)
  assert(own, `hospital ${id} is a merchant`)
  return own
}
