import { fen } from '../../../../kernel/money.ts'
import type {
  CentreCall,
  Credential,
  Details,
  Figures,
  SettleRequest,
} from '../../../../modules/insurance/index.ts'
import type { Exchange } from '../../../../platform/exchange.ts'
import { testPlatform } from '../../../../platform/testing/clock.ts'
import { createNationalInsurance, readNationalInsuranceParams } from '../index.ts'

export const PARAMS = {
  baseUrl: 'http://127.0.0.1:1/fsi/api',
  fixmedinsCode: 'H99010000001',
  fixmedinsName: '市立医院',
  paasid: 'hub-test',
  secretKey: 'secret-of-the-test',
  admdvs: '370200',
  opter: 'hub',
  opterName: '医桥平台',
  profile: 'standard',
}

export const MSGID = 'H99010000001202611211000000001'

/** The adapter against a gateway, with the exchanges it told of. */
export function connect(baseUrl: string, { timeoutMs = 1_000 } = {}) {
  const { clock, random } = testPlatform()
  const exchanges: Exchange[] = []
  const centre = createNationalInsurance(readNationalInsuranceParams({ ...PARAMS, baseUrl }), {
    clock,
    random,
    timeoutMs,
  })
  const call: CentreCall = {
    msgid: MSGID,
    insuredRegion: '370200',
    trace: (exchange) => void exchanges.push(exchange),
    signal: null,
  }
  return { centre, call, clock, exchanges }
}

export const voucher: Credential = { kind: 'voucher', number: 'TOKEN-123', name: '张三丰' }
export const idCard: Credential = { kind: 'id_card', number: '370202199001011234', name: '张三丰' }

export const settleRequest: SettleRequest = {
  psnNo: 'P1',
  credential: voucher,
  medType: '11',
  totalFen: fen(63_800),
  mdtrtId: 'M1',
  batchNo: 'B1',
  insutype: '310',
  useAccount: true,
}

/** What the gateway's setlinfo means. */
export const figures: Figures = {
  totalFen: fen(63_800),
  ownFen: fen(9_800),
  overLimitFen: fen(1_800),
  firstShareFen: fen(6_400),
  inScopeFen: fen(45_800),
  deductibleFen: fen(10_000),
  poolRatioBp: 7_000,
  basicFundFen: fen(25_060),
  supplementFundFen: fen(0),
  aidFundFen: fen(0),
  otherFundFen: fen(0),
  fundFen: fen(25_060),
  personalFen: fen(38_740),
  accountFen: fen(20_000),
  sharedAccountFen: fen(0),
  cashFen: fen(18_740),
  hospitalFen: fen(0),
  balanceFen: fen(1_234),
}

const staff = { code: 'D1', name: '心内科' }

export const details: Details = {
  psnNo: 'P1',
  mdtrtId: 'M1',
  batchNo: 'B1',
  lines: [1, 2].map((n) => ({
    lineId: `1-0000${n}`,
    nationalCode: `N${n}`,
    ownCode: `O${n}`,
    amountFen: fen(1_250 * n),
    quantity: n,
    unitPriceFen: fen(1_250),
    department: staff,
    doctor: { code: 'DR1', name: '李医生' },
    at: new Date('2026-11-21T09:30:00+08:00'),
  })),
}

export const detailResults = details.lines.map((line, i) => ({
  feedetl_sn: line.lineId,
  det_item_fee_sumamt: line.amountFen / 100,
  cnt: line.quantity,
  pric: 12.5,
  pric_uplmt_amt: 0,
  fulamt_ownpay_amt: i === 0 ? 12.5 : 0,
  overlmt_amt: 0,
  preselfpay_amt: i === 0 ? 0 : 2.5,
  inscp_scp_amt: i === 0 ? 0 : 22.5,
  chrgitm_lv: i === 0 ? '03' : '02',
}))
