import type { KeyObject } from 'node:crypto'

import type { FaultPlan } from '../../../kit/simulator.ts'
import type { His } from '../../context.ts'
import { doCall, replyOf } from '../../faulty.ts'
import { type HisSimulator, type HospitalOptions, openHospital } from '../../hospital.ts'
import { type Face, type FaceRequest, reply, type Reply, type Sent } from '../../http.ts'
import type { Answer } from '../../protocol.ts'
import { moment, oneOf, optional, readFields, text } from '../fields.ts'
import type { Service } from '../service.ts'
import { billServices } from './bills.ts'
import { codeOf, NO_SUCH_SERVICE, NOT_SIGNED, WRONG_FIELD } from './codes.ts'
import { dayServices } from './day.ts'
import { type Form, isSigned, readForm, readPublicKey, unflattened } from './form.ts'
import { inpatientServices } from './inpatient.ts'
import { peopleServices } from './people.ts'
import { registrationServices } from './registration.ts'

export type YuantuOptions = HospitalOptions & {
  hospitalCode: string
  /** Of whoever calls: RSA of 2048 bits, SPKI. */
  callerPublicKeyPem: string
}

/**
 * A hospital that speaks docs/interface/specimen-his-yuantu.md: a signed form in, JSON out, whole fen.
 *
 * Errors: asserts on a key that is not RSA of 2048 bits; a port that is taken is the system's.
 */
export function startYuantuHis(options: YuantuOptions): Promise<HisSimulator> {
  const { faults, hospitalCode } = options
  const publicKey = readPublicKey(options.callerPublicKeyPem)
  return openHospital(options, (his) => ({
    face: yuantuFace(his, faults, { hospitalCode, publicKey }),
    hub: null,
  }))
}

const PATH = '/gateway'
const PREFIX = 'yuantu.wap.'

/** Every call has them, whatever the service. */
const COMMON_FIELDS = {
  service: text(100),
  hospitalId: text(20),
  operId: text(30),
  tradeTime: moment,
  flowId: text(50),
  hospCode: optional(text(20)),
  sourceCode: text(20),
  deviceInfo: optional(text(100)),
  terminalNo: optional(text(50)),
  deviceIp: optional(text(50)),
  deviceMac: optional(text(50)),
  deviceVersion: optional(text(50)),
  fundCustodian: optional(text(50)),
  extend: optional(text(2_000)),
  sign: text(400),
  sign_type: oneOf('RSA'),
}

const SERVICES: Record<string, Service> = {
  ...peopleServices,
  ...registrationServices,
  ...billServices,
  ...inpatientServices,
  ...dayServices,
}

function yuantuFace(
  his: His,
  faults: FaultPlan,
  { hospitalCode, publicKey }: { hospitalCode: string; publicKey: KeyObject },
): Face {
  return { owns: (path) => path.split('?')[0] === PATH, answer }

  function answer({ method, headers, body }: FaceRequest): Reply {
    const contentType = headers['content-type'] ?? ''
    const form = method === 'POST' && body ? readForm(body, contentType) : null
    if (!form) return refuse(WRONG_FIELD, 'a form is to be posted')
    if (!isSigned(form, publicKey)) return refuse(NOT_SIGNED, '验签失败')
    return serve(form)
  }

  function serve(form: Form): Reply {
    const fields = unflattened(form)
    if (!fields) return refuse(WRONG_FIELD, 'a list has gaps, or a name is none')
    const names = Object.keys(COMMON_FIELDS)
    const isCommon = ([name]: [string, unknown]) => names.includes(name)
    const common = readFields(
      COMMON_FIELDS,
      Object.fromEntries(Object.entries(fields).filter(isCommon)),
    )
    if ('problem' in common) return refuse(WRONG_FIELD, common.problem)
    const { values } = common
    if (values.hospitalId !== hospitalCode) return refuse(WRONG_FIELD, 'hospitalId is not ours')
    const aheadMs = Math.abs(values.tradeTime.getTime() - his.clock.now().getTime())
    if (aheadMs > MAX_SKEW_MS) return refuse(WRONG_FIELD, 'tradeTime is more than ten minutes off')
    const name = values.service.startsWith(PREFIX) ? values.service.slice(PREFIX.length) : ''
    const called = Object.hasOwn(SERVICES, name) ? SERVICES[name] : undefined
    if (!called) return refuse(NO_SUCH_SERVICE, '没有这个服务')
    const own = Object.entries(fields).filter((entry) => !isCommon(entry))
    const ready = called(his, Object.fromEntries(own))
    if ('problem' in ready) return refuse(WRONG_FIELD, ready.problem)
    const delivery = doCall(his, faults, ready.operation, ready.call)
    return replyOf(delivery, (told) => sentOf(codeOf(told.code), told))
  }

  function refuse(code: number, message: string): Reply {
    return reply(sentOf(code, { code: '', message }))
  }

  function sentOf(code: number, { message, data }: Answer): Sent {
    const told = {
      success: code === 0,
      msg: code === 0 ? '成功' : message,
      code,
      startTime: his.clock.now().getTime(),
      timeConsum: 0,
      data: code === 0 ? (data ?? null) : null,
      extend: null,
    }
    const type = 'application/json; charset=utf-8'
    return { status: 200, type, body: JSON.stringify(told) }
  }
}

const MAX_SKEW_MS = 600_000
