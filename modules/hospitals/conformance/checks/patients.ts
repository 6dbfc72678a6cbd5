import type { HisNewPatient } from '../../interface/patients.ts'
import { type Check, checksOf } from '../check.ts'
import { idCardNoOf, shortIdCardNo } from '../id-card.ts'
import { expectSame, expectThat, okOf, prepared, refusedOf } from '../outcome.ts'
import type { Session } from '../session.ts'

const check = checksOf('patient')
const RESOLVE = 'patients.resolve'
const CREATE = 'patients.create'

/** Names that exist: with a middle dot, with letters beyond the first plane, of two letters and of fifty. */
const ODD_NAMES = ['古丽巴哈尔·买买提', '㛃䶮', '𠮷野𬭩', '李一', `${'阿卜杜热合曼·'.repeat(7)}托`]

export const patientChecks: readonly Check[] = [
  check(
    RESOLVE,
    'answer',
    ['按证件号与姓名查患者', 'a patient is found by number and name'],
    async (s) => {
      for (const person of s.fixtures.patients) {
        okOf(RESOLVE, await s.his.resolvePatient(s.call, person), 'a test patient')
      }
    },
  ),
  check(
    RESOLVE,
    'repeated',
    ['再查仍是同一号', 'the same patient has the same number'],
    async (s) => {
      const { patientNo, ...person } = await s.patient(0)
      const again = okOf(RESOLVE, await s.his.resolvePatient(s.call, person), 'asked again')
      expectSame('the patient number', again.patientNo, patientNo)
    },
  ),
  check(
    RESOLVE,
    'other-name',
    ['姓名不符查不到人', "another name does not show somebody's number"],
    async (s) => {
      const { idCardNo } = await s.patient(0)
      const other = { idCardNo, name: '欧阳不识' }
      const answer = await s.his.resolvePatient(s.call, other)
      refusedOf(RESOLVE, answer, ['patient_not_found'], 'the number with another name')
    },
  ),
  check(
    RESOLVE,
    'unknown',
    ['查无此人有明确答复', 'an unknown number is PATIENT_NOT_FOUND'],
    async (s) => {
      const nobody = { idCardNo: idCardNoOf('110101', '19000101', '000'), name: '查无此人' }
      const answer = await s.his.resolvePatient(s.call, nobody)
      refusedOf(RESOLVE, answer, ['patient_not_found'], 'a number that nobody has')
    },
  ),
  check(
    RESOLVE,
    'lower-case-x',
    ['末位小写 x 有明确答复', 'a number with a small x is answered clearly'],
    (s) => answersClearly(s, (idCardNo) => `${idCardNo.slice(0, 17)}x`),
  ),
  check(
    RESOLVE,
    'fifteen',
    ['15 位旧号有明确答复', 'a number of 15 digits is answered clearly'],
    (s) => answersClearly(s, shortIdCardNo),
  ),
  check(
    RESOLVE,
    'odd-names',
    ['生僻字、间隔号与长短姓名', 'odd names are found as they are written'],
    async (s) => {
      const people = s.fixtures.oddlyNamed ?? []
      for (const person of people) {
        okOf(RESOLVE, await s.his.resolvePatient(s.call, person), 'an oddly named patient')
      }
      for (const [i, name] of people.length > 0 ? [] : ODD_NAMES.entries()) {
        const created = newcomer(s, name, i)
        prepared(CREATE, await s.his.createPatient(s.call, created))
        const person = { idCardNo: created.idNo, name }
        okOf(RESOLVE, await s.his.resolvePatient(s.call, person), 'an oddly named patient')
      }
    },
  ),
  check(CREATE, 'answer', ['建档', 'a patient is entered'], async (s) => {
    const created = newcomer(s, '测试甲', 10)
    const { patientNo } = okOf(CREATE, await s.his.createPatient(s.call, created), 'a new patient')
    const person = { idCardNo: created.idNo, name: created.name }
    const found = prepared(RESOLVE, await s.his.resolvePatient(s.call, person))
    expectSame('the number by which they are found', found.patientNo, patientNo)
  }),
  check(
    CREATE,
    'repeated',
    ['重复建档同一答复', 'the same request has the same answer'],
    async (s) => {
      const created = newcomer(s, '测试乙', 11)
      const first = prepared(CREATE, await s.his.createPatient(s.call, created))
      const again = okOf(CREATE, await s.his.createPatient(s.call, created), 'the same again')
      expectSame('the second answer', again, first)
    },
  ),
  check(
    CREATE,
    'different',
    ['同一请求号不同内容被拒绝', 'the same key with another body is refused'],
    async (s) => {
      const created = newcomer(s, '测试丙', 12)
      prepared(CREATE, await s.his.createPatient(s.call, created))
      const other = { ...created, gender: 'male' as const, phone: '13800000000' }
      const answer = await s.his.createPatient(s.call, other)
      refusedOf(CREATE, answer, ['duplicate_different'], 'the key with another body')
    },
  ),
  check(
    CREATE,
    'known',
    ['已有档案者得原号', 'who is known gets the number they have'],
    async (s) => {
      const { patientNo, idCardNo, name } = await s.patient(0)
      const birthDate = [idCardNo.slice(6, 10), idCardNo.slice(10, 12), idCardNo.slice(12, 14)]
      const known = { ...newcomer(s, name, 13), idNo: idCardNo, birthDate: birthDate.join('-') }
      const answer = okOf(CREATE, await s.his.createPatient(s.call, known), 'a known patient')
      expectSame('the patient number', answer.patientNo, patientNo)
    },
  ),
]

/** Somebody whose number ends like this run's and whose date of birth exists, the 29th of February among them. */
function newcomer(
  session: Session,
  name: string,
  which: number,
): HisNewPatient & { idType: 'id_card'; idNo: string } {
  const seconds = Math.floor(session.clock.now().getTime() / 1_000)
  // Twenty people of one run, and people of other runs, must differ: the number of the place is drawn of the time.
  const area = `1101${String((Math.floor(seconds / 50) % 90) + 10)}`
  const order = String(((seconds % 50) * 20 + which) % 1_000).padStart(3, '0')
  const year = 1_960 + 4 * (Math.floor(seconds / 4_500) % 10)
  return {
    requestNo: session.newNo('C'),
    name,
    idType: 'id_card',
    idNo: idCardNoOf(area, `${year}0229`, order),
    gender: Number(order) % 2 === 1 ? 'male' : 'female',
    birthDate: `${year}-02-29`,
    phone: '13900000000',
    guardianPatientNo: null,
  }
}

/** The same person, nobody, or a named objection: what must not come is silence, or somebody else. */
async function answersClearly(
  session: Session,
  written: (idCardNo: string) => string,
): Promise<void> {
  const { patientNo, idCardNo, name } = await session.patient(0)
  const person = { idCardNo: written(idCardNo), name }
  const answer = await session.his.resolvePatient(session.call, person)
  if (answer.outcome === 'ok') {
    expectThat(answer.data.patientNo === patientNo, 'who is found', 'the same patient', 'another')
    return
  }
  refusedOf(RESOLVE, answer, ['patient_not_found', 'invalid_request'], 'the number so written')
}
