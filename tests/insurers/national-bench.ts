import { sm2 } from 'sm-crypto-v2'

import {
  createMobileInsurance,
  createNationalInsurance,
  readMobileInsuranceParams,
  readNationalInsuranceParams,
} from '../../adapters/insurers/national/index.ts'
import type { InsuranceCentreOptions, ProfileName } from '../../apps/simulators/insurance/index.ts'
import { HOSPITAL, resident, startTestCentre } from '../../apps/simulators/insurance/testing.ts'
import { type Fen, fen, ZERO } from '../../kernel/money.ts'
import { seededRandom } from '../../kernel/random.ts'
import { addMs, toShanghaiText } from '../../kernel/time.ts'
import type {
  CentreAnswer,
  CentreCall,
  Credential,
  DetailLine,
} from '../../modules/insurance/index.ts'

// The adapter of the national interface with a simulated centre behind it, of one province's ways.

const OUR_KEY = '3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8'
const CENTRE_KEY = '128b2fa8bd433c6c068c8d803dff79792a519a55171b1b650c23661d15897263'
const MOBILE = { appId: 'APP0000000000001', appSecret: 'mobile-secret-of-the-test' }
export const ELSEWHERE = '440300'

export type NationalBench = Awaited<ReturnType<typeof startNationalBench>>

export async function startNationalBench(
  profile: ProfileName,
  changes: Partial<InsuranceCentreOptions> = {},
) {
  const smPublicKey = sm2.getPublicKeyFromPrivateKey(OUR_KEY)
  const { simulator, clock } = await startTestCentre({
    profile,
    smPrivateKey: CENTRE_KEY,
    hospitals: [{ ...HOSPITAL, paasid: 'client-of-16-chr', smPublicKey, mobile: MOBILE }],
    people: [...people],
    ...changes,
  })
  const random = seededRandom(`national-${profile}`)
  const deps = { clock, random, timeoutMs: 5_000 }
  const common = { fixmedinsCode: HOSPITAL.insuranceCode }
  const centre = createNationalInsurance(
    readNationalInsuranceParams({
      ...common,
      baseUrl: simulator.url,
      fixmedinsName: HOSPITAL.name,
      paasid: 'client-of-16-chr',
      secretKey: HOSPITAL.secretKey,
      admdvs: '999900',
      opter: 'hub',
      opterName: '医桥平台',
      profile,
      sm2PrivateKey: OUR_KEY,
      centrePublicKey: simulator.smPublicKey,
    }),
    deps,
  )
  const mobile = createMobileInsurance(
    readMobileInsuranceParams({
      ...common,
      ...MOBILE,
      baseUrl: simulator.url,
      privateKey: OUR_KEY,
      platformPublicKey: simulator.smPublicKey,
      voucherUrl: `${simulator.url}/nationecc/ec.query`,
    }),
    deps,
  )
  const outcomes: string[] = []
  let sequence = 0
  return {
    centre,
    mobile,
    simulator,
    clock,
    outcomes,
    pass: (ms: number) => void (clock.at = addMs(clock.at, ms)),
    call: (insuredRegion: string | null = '999900'): CentreCall => {
      sequence += 1
      const time = toShanghaiText(clock.now()).replaceAll(/\D/g, '')
      return {
        msgid: HOSPITAL.insuranceCode + time + String(sequence).padStart(4, '0'),
        insuredRegion,
        trace: ({ operation, outcome }) => void outcomes.push(`${operation}: ${outcome}`),
        signal: null,
      }
    },
  }
}

const insured = (no: number, personNo: string, admdvs: string, balanceFen: Fen) => ({
  ...resident,
  no,
  name: `参保人${no}`,
  idCardNo: `99990019800101${String(no).padStart(4, '0')}`,
  insurance: {
    personNo,
    scheme: '310' as const,
    status: 'active' as const,
    admdvs,
    accountBalanceFen: balanceFen,
    retired: false,
  },
  media: { ...resident.media, socialCardNo: `S${no}`, insuranceVoucher: `voucher-${no}` },
})

export const local = insured(1, 'P1', '999900', fen(200_00))
export const fromElsewhere = insured(2, 'P2', ELSEWHERE, ZERO)
const people = [local, fromElsewhere]

export const credentialOf = (person: typeof local): Credential => ({
  kind: 'voucher',
  number: person.media.insuranceVoucher,
  name: person.name,
})

export const department = { code: 'K1', name: '呼吸内科' }
export const doctor = { code: 'D1', name: '张医生' }

/** Example OP-1: 638.00 = own 98 + over the limit 18 + first share 64 + in scope 458. */
export function exampleLines(at: Date): DetailLine[] {
  const amounts: [code: string, amountFen: number][] = [
    ['XC01', 98_00],
    ['XB20L', 118_00],
    ['XB20', 220_00],
    ['XA01', 202_00],
  ]
  return amounts.map(([code, amountFen], i) => ({
    lineId: `L${i + 1}`,
    nationalCode: code,
    ownCode: `local-${code}`,
    amountFen: fen(amountFen),
    quantity: 1,
    unitPriceFen: fen(amountFen),
    department,
    doctor,
    at,
  }))
}

/** What the centre said, where it must have said yes. */
export function said<T>(answer: CentreAnswer<T>): T {
  if (answer.outcome === 'ok') return answer.data
  throw new Error(JSON.stringify(answer))
}
