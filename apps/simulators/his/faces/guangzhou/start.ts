import type { FaultPlan } from '../../../kit/simulator.ts'
import type { His } from '../../context.ts'
import { doCall, replyOf } from '../../faulty.ts'
import { type HisSimulator, type HospitalOptions, openHospital } from '../../hospital.ts'
import {
  type Face,
  type FaceRequest,
  MAX_BODY_BYTES,
  reply,
  type Reply,
  type Sent,
} from '../../http.ts'
import type { Answer } from '../../protocol.ts'
import type { Raw } from '../fields.ts'
import type { Service } from '../service.ts'
import { type CheckFiles, checkFileServices, createFileLayer } from './check-file.ts'
import { NO_SUCH_SERVICE, resultCodeOf, WRONG_FIELD } from './codes.ts'
import { directoryServices } from './directory.ts'
import { patientServices } from './patients.ts'
import { paymentServices } from './payment.ts'
import { refundServices } from './refund.ts'
import { registrationServices } from './registration.ts'
import { readReq, writeRes, type XmlFields } from './xml.ts'

export type GuangzhouOptions = HospitalOptions & CheckFiles

/** A hospital that speaks docs/interface/specimen-his-guangzhou.md: XML over HTTP, whole fen, no signature. */
export const startGuangzhouHis = (options: GuangzhouOptions): Promise<HisSimulator> =>
  openHospital(options, (his) => ({
    face: guangzhouFace(his, options.faults, options.hospitalCode),
    hub: null,
    ...createFileLayer(his, options),
  }))

const PATH = '/doReqToHis'

function guangzhouFace(his: His, faults: FaultPlan, hospitalCode: string): Face {
  const services: Record<string, Service> = {
    ...directoryServices,
    ...patientServices,
    ...registrationServices,
    ...paymentServices,
    ...refundServices,
    ...checkFileServices,
  }
  return { owns: (path) => path.split('?')[0] === PATH, answer }

  function answer({ method, path, body }: FaceRequest): Reply {
    const name = new URL(path, 'http://his').searchParams.get('service') ?? ''
    const refuse = (resultCode: string, why: string) =>
      reply(sentOf(name, { resultCode, resultDesc: why }))
    if (method !== 'POST') return refuse(NO_SUCH_SERVICE, 'POST only')
    const called = Object.hasOwn(services, name) ? services[name] : undefined
    if (!called) return refuse(NO_SUCH_SERVICE, '没有这个服务')
    if (!body) return refuse(WRONG_FIELD, `the body is over ${MAX_BODY_BYTES} bytes`)
    const read = readReq(body, LISTS)
    if ('problem' in read) return refuse(WRONG_FIELD, read.problem)
    const { hospitalId } = read.fields
    if (typeof hospitalId === 'string' && hospitalId !== hospitalCode) {
      return refuse(WRONG_FIELD, 'hospitalId is not this hospital')
    }
    return serve(name, called, read.fields)
  }

  function serve(name: string, called: Service, fields: Raw): Reply {
    const ready = called(his, fields)
    if ('problem' in ready) {
      return reply(sentOf(name, { resultCode: WRONG_FIELD, resultDesc: ready.problem }))
    }
    const delivery = doCall(his, faults, ready.operation, ready.call)
    return replyOf(delivery, (told) => sentOf(name, fieldsOf(told)))
  }
}

const LISTS = ['orderDetailInfo']

const fieldsOf = ({ code, message, data }: Answer): XmlFields => ({
  resultCode: resultCodeOf(code),
  resultDesc: code === 'OK' ? '成功' : message,
  ...(code === 'OK' && (data as XmlFields)),
})

const sentOf = (name: string, fields: XmlFields): Sent => ({
  status: 200,
  type: 'text/xml; charset=utf-8',
  body: writeRes(name, fields),
})
