import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { request } from 'undici'

import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { type Fen, fen } from '../../../kernel/money.ts'
import { seededRandom } from '../../../kernel/random.ts'
import { businessDate, instantAt, toShanghaiText } from '../../../kernel/time.ts'
import { noFaults } from '../kit/simulator.ts'
import type { CatalogueItem, WorldInsurance, WorldPerson } from '../world/world.ts'
import { type InsuranceCentreOptions, startInsuranceCentre } from './index.ts'

// What the tests of the centre share: a small world, and a client that knows the wire and no code
// of the centre's.

const ADMDVS = '999900'
export const HOSPITAL = {
  insuranceCode: 'H99990000001',
  name: '示范市第一人民医院',
  level: 3 as const,
  paasid: 'paas-one',
  secretKey: 'key-one',
}
export const OTHER_HOSPITAL = {
  insuranceCode: 'H99990000002',
  name: '示范市中医医院',
  level: 2 as const,
  paasid: 'paas-two',
  secretKey: 'key-two',
}

const employee = person(1, { personNo: 'P1', accountBalanceFen: fen(200_00) })
const retiree = person(2, { personNo: 'P2', accountBalanceFen: fen(50_00), retired: true })
export const resident = person(3, { personNo: 'P3', scheme: '390' })
export const suspended = person(4, { personNo: 'P4', status: 'suspended' })
export const uninsured = person(5, null)

export const catalogue: CatalogueItem[] = [
  item('XA01', { insuranceClass: 'A', firstSharePpm: 0 }),
  item('XB10', { insuranceClass: 'B', firstSharePpm: 100_000 }),
  item('XB20', { insuranceClass: 'B', firstSharePpm: 200_000 }),
  item('XB20L', { insuranceClass: 'B', firstSharePpm: 200_000, priceLimitFen: fen(100_00) }),
  item('XC01', { insuranceClass: 'C', firstSharePpm: 1_000_000 }),
]

/** The lines of example OP-1: 638.00 = own 98 + over the limit 18 + first share 64 + in scope 458. */
export const OP1_LINES: Line[] = [
  { code: 'XC01', yuan: '98.00' },
  { code: 'XB20L', yuan: '118.00' },
  { code: 'XB20', yuan: '220.00' },
  { code: 'XA01', yuan: '202.00' },
]

export type TestCentre = Awaited<ReturnType<typeof startTestCentre>>

/** A centre on loopback with a clock that stands still until it is moved. */
export async function startTestCentre(changes: Partial<InsuranceCentreOptions> = {}) {
  const clock = { at: instantAt(businessDate('2026-11-21'), '09:00:00'), now: () => clock.at }
  const options: InsuranceCentreOptions = {
    clock,
    random: seededRandom('insurance'),
    faults: noFaults,
    databaseFile: join(folderOfBooks(), `centre-${++centres}.db`),
    port: 0,
    admdvs: ADMDVS,
    hospitals: [HOSPITAL, OTHER_HOSPITAL],
    people: [employee, retiree, resident, suspended, uninsured],
    catalogue,
    ...changes,
  }
  const simulator = await startInsuranceCentre(options)
  return { simulator, clock, options, client: createClient(simulator.url, clock) }
}

/** One for all centres of a process, gone with it. */
function folderOfBooks(): string {
  if (folder) return folder
  const made = mkdtempSync(join(tmpdir(), 'insurance-'))
  process.once('exit', () => rmSync(made, { recursive: true, force: true }))
  folder = made
  return made
}

let folder: string | null = null
let centres = 0

/** Stops a centre whose books, after all that was done to it, are right. */
export async function stopSound({ simulator }: Pick<TestCentre, 'simulator'>): Promise<void> {
  const violations = simulator.checkBooks()
  await simulator.stop()
  assert(violations.length === 0, violations.join('\n'))
}

type Hospital = { insuranceCode: string; name: string; paasid: string; secretKey: string }
type Client = ReturnType<typeof createClient>

export type Answer = {
  infcode: number
  err_msg: string
  output: Record<string, unknown> | null
  inf_refmsgid: string
  refmsg_time: string
  respond_time: string
}
export type WireFields = Record<string, string | number | null>

/** One node of an answer's output. */
export const nodeOf = (answer: Answer, name: string): WireFields => {
  assert(answer.infcode === 0, answer.err_msg)
  return (answer.output?.[name] ?? {}) as WireFields
}

/** A node that is a list. */
export const rowsOf = (answer: Answer, name: string): WireFields[] =>
  nodeOf(answer, name) as unknown as WireFields[]

/** Speaks for a hospital. Message ids count up; a sign_no is kept once it is there. */
export function createClient(url: string, clock: { now(): Date }, hospital: Hospital = HOSPITAL) {
  let sequence = 0
  let signNo: string | null = null
  const client = {
    newMsgid: () => {
      sequence += 1
      return hospital.insuranceCode + digits(clock.now()) + String(sequence).padStart(4, '0')
    },
    envelope: (infno: string, input: object, changes: object = {}) => ({
      infno,
      msgid: client.newMsgid(),
      mdtrtarea_admvs: ADMDVS,
      insuplc_admdvs: ADMDVS,
      recer_sys_code: 'HUB',
      dev_no: '',
      infver: 'V1.0',
      opter_type: '1',
      opter: 'op1',
      opter_name: '收费员',
      inf_time: toShanghaiText(clock.now()),
      fixmedins_code: hospital.insuranceCode,
      fixmedins_name: hospital.name,
      sign_no: signNo,
      input,
      ...changes,
    }),
    async signIn() {
      const input = { signIn: { opter_no: 'op1', mac: '00:00', ip: '127.0.0.1' } }
      const answer = await client.call('9001', input)
      signNo = String(nodeOf(answer, 'signinoutb').sign_no)
      return answer
    },
    /** Sends and takes the answer to be the JSON of the envelope. */
    async call(infno: string, input: object, changes: object = {}): Promise<Answer> {
      const reply = await client.post(infno, JSON.stringify(client.envelope(infno, input, changes)))
      assert(reply.status === 200, `status ${reply.status}: ${reply.text}`)
      return JSON.parse(reply.text) as Answer
    },
    async post(path: string, body: string, headers: Record<string, string> = client.sign()) {
      const response = await request(`${url}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      })
      const bytes = new Uint8Array(await response.body.arrayBuffer())
      const type = String(response.headers['content-type'])
      return { status: response.statusCode, type, bytes, text: Buffer.from(bytes).toString() }
    },
    sign(at = clock.now(), nonce = `nonce-${(nonces += 1)}`): Record<string, string> {
      const timestamp = String(Math.trunc(at.getTime() / 1000))
      const text = timestamp + hospital.secretKey + nonce + timestamp
      return {
        'x-tif-paasid': hospital.paasid,
        'x-tif-timestamp': timestamp,
        'x-tif-nonce': nonce,
        'x-tif-signature': createHash('sha256').update(text).digest('hex'),
      }
    },
  }
  return client
}

let nonces = 0

type Line = { code: string; yuan: string }
export type Bill = {
  visitNo: string
  personNo?: string
  insutype?: string
  lines: Line[]
  useAccount?: boolean
}

/** Registers a visit and uploads its bill: 2201, 2203, 2204. What 2206 and 2207 then take. */
export async function openBill(client: Client, bill: Bill) {
  const who = { psn_no: bill.personNo ?? 'P1', insutype: bill.insutype ?? '310' }
  const credential = { mdtrt_cert_type: '02', mdtrt_cert_no: idCardOf(Number(who.psn_no.slice(1))) }
  const registered = await client.call(
    '2201',
    registration({ ...who, ...credential }, bill.visitNo),
  )
  const visit = { mdtrt_id: String(nodeOf(registered, 'data').mdtrt_id), psn_no: who.psn_no }
  const described = await client.call('2203', visitInfo(visit))
  assert(described.infcode === 0, described.err_msg)
  const batch = { ...visit, chrg_bchno: 'B1' }
  const uploaded = await client.call('2204', { feedetail: bill.lines.map(feeDetail(batch)) })
  assert(uploaded.infcode === 0, uploaded.err_msg)
  const total = bill.lines.reduce((sum, line) => sum + fenOf(line.yuan), 0)
  const data = {
    ...batch,
    ...who,
    ...credential,
    med_type: '11',
    medfee_sumamt: yuanOf(total),
    psn_setlway: '01',
    acct_used_flag: bill.useAccount === false ? '0' : '1',
  }
  return { visit, batch, uploaded, data }
}

export const registration = (who: object, visitNo: string) => ({
  data: {
    ...who,
    begntime: '2026-11-21 08:30:00',
    ipt_otp_no: visitNo,
    atddr_no: 'D1',
    dr_name: '张医生',
    dept_code: 'K1',
    dept_name: '内科',
    caty: 'A03',
  },
})

export const visitInfo = (visit: object) => ({
  mdtrtinfo: { ...visit, med_type: '11', begntime: '2026-11-21 08:40:00' },
  diseinfo: [
    {
      diag_type: '1',
      diag_srt_no: 1,
      diag_code: 'J06.900',
      diag_name: '急性上呼吸道感染',
      diag_dept: '内科',
      dise_dor_no: 'D1',
      dise_dor_name: '张医生',
      diag_time: '2026-11-21 08:45:00',
      vali_flag: '1',
    },
  ],
})

export const feeDetail =
  (batch: object) =>
  (line: Line, index: number): Record<string, unknown> => ({
    ...batch,
    feedetl_sn: `F${index + 1}`,
    rx_circ_flag: '0',
    fee_ocur_time: '2026-11-21 08:50:00',
    med_list_codg: line.code,
    medins_list_codg: `local-${line.code}`,
    det_item_fee_sumamt: Number(line.yuan),
    cnt: 1,
    pric: Number(line.yuan),
    bilg_dept_codg: 'K1',
    bilg_dept_name: '内科',
    bilg_dr_codg: 'D1',
    bilg_dr_name: '张医生',
    hosp_appr_flag: '0',
  })

/** 12345 is '123.45', by digits. */
export const yuanOf = (amount: number): string => {
  const text = String(Math.abs(amount)).padStart(3, '0')
  return `${amount < 0 ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`
}

export const fenOf = (yuan: string | number): number => Math.round(Number(yuan) * 100)

const digits = (at: Date) => toShanghaiText(at).replace(/\D/g, '')

function idCardOf(no: number): string {
  return `99990019800101${String(no).padStart(4, '0')}`
}

function person(no: number, insurance: Partial<WorldInsurance> | null): WorldPerson {
  return {
    no,
    name: `测试${no}`,
    gender: no % 2 === 0 ? 'female' : 'male',
    birthDate: businessDate('1980-01-01'),
    idCardNo: idCardOf(no),
    phone: '13900000000',
    openid: `openid-${no}`,
    insurance: insurance && {
      personNo: 'P0',
      scheme: '310',
      status: 'active',
      admdvs: ADMDVS,
      accountBalanceFen: fen(0),
      retired: false,
      ...insurance,
    },
    media: {
      socialCardNo: `S${no}`,
      insuranceVoucher: `voucher-${no}`,
      healthCode: `HC${no}`,
      bankCardNo: `62000000000000${no}`,
      hospitalCards: [{ hospitalId: 1 as HospitalId, cardNo: `C${no}` }],
    },
  }
}

function item(
  nationalCode: string,
  terms: { insuranceClass: 'A' | 'B' | 'C'; firstSharePpm: number; priceLimitFen?: Fen },
): CatalogueItem {
  return {
    code: `local-${nationalCode}`,
    nationalCode,
    name: nationalCode,
    spec: '1',
    unit: '次',
    priceFen: fen(100),
    chargeCategory: '09',
    priceLimitFen: null,
    ...terms,
  }
}
