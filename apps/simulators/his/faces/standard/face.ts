import type { FaultPlan } from '../../../kit/simulator.ts'
import type { His } from '../../context.ts'
import { doCall, replyOf } from '../../faulty.ts'
import { type Face, type FaceRequest, MAX_BODY_BYTES, reply, type Reply } from '../../http.ts'
import { type Answer, refusal } from '../../protocol.ts'
import { readCall } from './operations.ts'
import { PATH_PREFIX } from './requests.ts'
import { disbelief, signAnswer, type Signing } from './signing.ts'

/** The standard hospital interface, as docs/interface/hospital-standard.md has it. */
export function standardFace(his: His, signing: Signing, faults: FaultPlan): Face {
  return { owns: (path) => path.startsWith(PATH_PREFIX), answer }

  function answer(request: FaceRequest): Reply {
    const { method, path, headers, body } = request
    if (method !== 'POST') {
      return reply({ status: 405, type: 'text/plain; charset=utf-8', body: 'POST only' })
    }
    if (!body) return reply(signed(request, TOO_LARGE))
    const notBelieved = disbelief(signing, { method, path, headers, body })
    if (notBelieved) return reply(signed(request, notBelieved))
    const operation = path.slice(PATH_PREFIX.length)
    const read = readCall(his, operation, body)
    if ('answer' in read) return reply(signed(request, read.answer))
    return replyOf(doCall(his, faults, operation, read.call), (told) => signed(request, told))
  }

  function signed({ headers }: FaceRequest, told: Answer) {
    const body = Buffer.from(JSON.stringify(told))
    const type = 'application/json; charset=utf-8'
    return { status: 200, type, headers: signAnswer(signing, headers, body), body }
  }
}

const TOO_LARGE = refusal('INVALID_REQUEST', `the body is over ${MAX_BODY_BYTES} bytes`)
