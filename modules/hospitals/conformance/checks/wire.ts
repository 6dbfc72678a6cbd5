import { type Check, checksOf } from '../check.ts'
import { CheckFailure, expectThat } from '../outcome.ts'
import { cameOf } from '../recorded.ts'
import type { Session } from '../session.ts'
import type { DoorAnswer, Oddity } from '../subject.ts'

/** It proves no operation: any would do to try the wire on. */
const check: ReturnType<typeof checksOf> = (...of) => ({
  ...checksOf('system')(...of),
  operation: null,
})
const SIGNATURE = '§1.1'
const NEEDS = { needs: ['door' as const] }
const BODY_BYTES = 1_048_576

/** What only the wire shows: signatures, repeats of a sending, bodies that no hub sends. */
export const wireChecks: readonly Check[] = [
  check(
    'heartbeat',
    'signed',
    ['应答有正确的签名', 'an answer carries a right signature'],
    async (session) => {
      const answer = await session.door().send('heartbeat', '{}')
      if ('silence' in answer) throw new CheckFailure('心跳 heartbeat', 'an answer', cameOf(answer))
      expectThat(
        answer.isSigned,
        'the signature of the answer',
        'a right one (§1.2)',
        cameOf(answer),
      )
      expectCode(answer, ['OK'], 'a heartbeat')
    },
    { ...NEEDS, isGate: true, paragraph: '§1.2' },
  ),
  check(
    'heartbeat',
    'signature-wrong',
    ['签名错误的请求被拒绝', 'a wrong signature is refused'],
    refuses({ isSignatureWrong: true }),
    { ...NEEDS, paragraph: SIGNATURE },
  ),
  check(
    'heartbeat',
    'body-altered',
    ['签名后被改动的报文被拒绝', 'a body that was altered after signing is refused'],
    refuses({ sentBody: '{ }' }),
    { ...NEEDS, paragraph: SIGNATURE },
  ),
  check(
    'heartbeat',
    'key-unknown',
    ['未知的密钥标识被拒绝', 'an unknown key id is refused'],
    refuses({ keyId: 'a-key-that-nobody-has' }),
    { ...NEEDS, paragraph: SIGNATURE },
  ),
  check(
    'heartbeat',
    'timestamp-old',
    ['过期的时间戳被拒绝', 'a timestamp of ten minutes ago is refused'],
    refuses({ secondsOff: -600 }),
    { ...NEEDS, paragraph: SIGNATURE },
  ),
  check(
    'heartbeat',
    'timestamp-ahead',
    ['超前的时间戳被拒绝', 'a timestamp ten minutes ahead is refused'],
    refuses({ secondsOff: 600 }),
    { ...NEEDS, paragraph: SIGNATURE },
  ),
  check(
    'heartbeat',
    'nonce-short',
    ['太短的随机串被拒绝', 'a nonce of 15 letters is refused'],
    refuses({ nonce: 'abcdefghijklmno' }, ['SIGNATURE_INVALID', 'INVALID_REQUEST']),
    { ...NEEDS, paragraph: SIGNATURE },
  ),
  check(
    'heartbeat',
    'replayed',
    ['重放的请求被拒绝', 'a second use of a nonce is refused'],
    replay,
    {
      ...NEEDS,
      paragraph: SIGNATURE,
    },
  ),
  check(
    'heartbeat',
    'unknown-field',
    ['请求中的未知字段被拒绝', 'an unknown field of a request is refused'],
    refusesBody('{"surplus":1}'),
    { ...NEEDS, paragraph: '§1' },
  ),
  check(
    'bills.get',
    'field-missing',
    ['缺少字段被拒绝', 'a missing field is refused'],
    async (session) =>
      expectCode(await session.door().send('bills.get', '{}'), INVALID, 'no billNo'),
    { ...NEEDS, paragraph: '§1.3' },
  ),
  check(
    'heartbeat',
    'not-json',
    ['不是 JSON 的报文被拒绝', 'what is no JSON is refused'],
    refusesBody('{'),
    {
      ...NEEDS,
      paragraph: '§1.3',
    },
  ),
  check(
    'heartbeat',
    'body-limit',
    ['1 MB 可以，多一字节不行', '1 MB is read, and not one byte more'],
    limit,
    {
      ...NEEDS,
      paragraph: '§1',
    },
  ),
]

const INVALID = ['INVALID_REQUEST']

function refuses(odd: Oddity, codes: readonly string[] = ['SIGNATURE_INVALID']) {
  return async (session: Session) => {
    expectCode(await session.door().send('heartbeat', '{}', odd), codes, 'a heartbeat of this sort')
  }
}

function refusesBody(body: string) {
  return async (session: Session) => {
    expectCode(await session.door().send('heartbeat', body), INVALID, 'a body of this sort')
  }
}

async function replay(session: Session): Promise<void> {
  const nonce = `${session.newNo('N')}${session.newNo('N')}`
  expectCode(await session.door().send('heartbeat', '{}', { nonce }), ['OK'], 'the first sending')
  const again = await session.door().send('heartbeat', '{}', { nonce })
  expectCode(again, ['REPLAYED'], 'the second sending')
}

async function limit(session: Session): Promise<void> {
  const padded = (bytes: number) => `{}${' '.repeat(bytes - 2)}`
  const most = await session.door().send('heartbeat', padded(BODY_BYTES))
  expectCode(most, ['OK'], 'a body of 1,048,576 bytes')
  const more = await session.door().send('heartbeat', padded(BODY_BYTES + 1))
  // The page sets the limit and leaves the way of refusing open: a gateway may answer 413, or hang up.
  const isRefused = 'silence' in more || more.status === 413 || more.code === 'INVALID_REQUEST'
  expectThat(isRefused, 'a body of 1,048,577 bytes', 'a refusal', cameOf(more))
}

function expectCode(answer: DoorAnswer, codes: readonly string[], what: string): void {
  const isSo =
    !('silence' in answer) &&
    answer.status === 200 &&
    answer.code !== null &&
    codes.includes(answer.code)
  expectThat(isSo, what, `HTTP 200, ${codes.join(' / ')}`, cameOf(answer))
}
