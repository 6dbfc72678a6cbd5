import { timingSafeEqual } from 'node:crypto'

import type { FaultPlan } from '../../../kit/simulator.ts'
import type { His } from '../../context.ts'
import { doCall, replyOf } from '../../faulty.ts'
import { type HisSimulator, type HospitalOptions, openHospital } from '../../hospital.ts'
import { type Face, type FaceRequest, reply, type Reply, type Sent } from '../../http.ts'
import type { Answer } from '../../protocol.ts'
import type { Raw } from '../fields.ts'
import type { Service } from '../service.ts'
import { isGroup } from '../xml.ts'
import { codeOf, DONE, NO_ACCOUNT, WRONG_FIELD } from './codes.ts'
import {
  contentTypeOf,
  readEnvelope,
  type SoapCall,
  type SoapFault,
  writeAnswer,
  writeFault,
} from './envelope.ts'
import { inHosServices } from './in-hos.ts'
import { payServices } from './pay.ts'
import { regServices } from './reg.ts'
import { commonServices, userServices } from './users.ts'
import { wsdlOf } from './wsdl.ts'

export type SoapAccount = { synUserName: string; synKey: string }

export type SoapOptions = HospitalOptions & { hospitalCode: string; account: SoapAccount }

/** A hospital that speaks docs/interface/specimen-his-soap.md: SOAP with JSON in a string, yuan. */
export const startSoapHis = (options: SoapOptions): Promise<HisSimulator> =>
  openHospital(options, (his) => ({ face: soapFace(his, options.faults, options), hub: null }))

const PREFIX = '/Client/'

const SERVICES: Record<string, Record<string, Service>> = {
  ICommon: commonServices,
  HisUser: userServices,
  Reg: regServices,
  Pay: payServices,
  InHos: inHosServices,
}

function soapFace(
  his: His,
  faults: FaultPlan,
  { hospitalCode, account }: Pick<SoapOptions, 'hospitalCode' | 'account'>,
): Face {
  return { owns: (path) => path.startsWith(PREFIX), answer }

  function answer(request: FaceRequest): Reply {
    const { pathname, search } = new URL(request.path, 'http://his')
    const name = pathname.slice(PREFIX.length)
    const operations = Object.hasOwn(SERVICES, name) ? SERVICES[name] : undefined
    if (!operations) return reply(plain(404, 'no such service'))
    if (request.method === 'GET' && search.toLowerCase() === '?wsdl') {
      const address = `http://${request.headers.host ?? ''}${pathname}`
      const body = wsdlOf(name, Object.keys(operations), address)
      return reply({ status: 200, type: 'text/xml; charset=utf-8', body })
    }
    if (request.method !== 'POST') return reply(plain(405, 'POST only'))
    return call(request, operations)
  }

  function call({ headers, body }: FaceRequest, operations: Record<string, Service>): Reply {
    const read = readEnvelope(body ?? Buffer.alloc(0), headers['content-type'] ?? '')
    if ('code' in read) return reply(faultOf(read))
    const called = Object.hasOwn(operations, read.operation)
      ? operations[read.operation]
      : undefined
    const { version } = read
    if (!called) {
      return reply(faultOf({ version, code: 'Client', reason: `no operation ${read.operation}` }))
    }
    const fields = readArgument(read.json)
    if (!fields) {
      return reply(
        faultOf({ version, code: 'Client', reason: 'arg0 is not a JSON object of texts' }),
      )
    }
    return serve(read, called, fields)
  }

  function serve(soap: SoapCall, called: Service, fields: Raw): Reply {
    const refuse = (code: string, message: string) => reply(sentOf(soap, { code, message }))
    const { synUserName, synKey, terminalCode, hospitalId, ...own } = fields
    if (!isSame(synUserName, account.synUserName) || !isSame(synKey, account.synKey)) {
      return refuse(NO_ACCOUNT, '接入账号或密钥不正确')
    }
    if (typeof terminalCode !== 'string' || !/^\w{1,30}$/.test(terminalCode)) {
      return refuse(WRONG_FIELD, 'terminalCode is missing')
    }
    if (hospitalId !== hospitalCode) return refuse(WRONG_FIELD, 'hospitalId is not ours')
    const ready = called(his, own)
    if ('problem' in ready) return refuse(WRONG_FIELD, ready.problem)
    const delivery = doCall(his, faults, ready.operation, ready.call)
    return replyOf(delivery, (told) => sentOf(soap, { ...told, code: codeOf(told.code) }))
  }
}

/** Business is answered with HTTP 200, whatever came of it. */
function sentOf({ version, operation }: SoapCall, { code, message, data }: Answer): Sent {
  const told = { code, message: code === DONE ? '成功' : message, data: data ?? {} }
  const json = JSON.stringify(code === DONE ? told : { ...told, data: {} })
  return { status: 200, type: contentTypeOf(version), body: writeAnswer(version, operation, json) }
}

const faultOf = (fault: SoapFault): Sent => ({
  status: fault.version === '1.2' && fault.code === 'Client' ? 400 : 500,
  type: contentTypeOf(fault.version),
  body: writeFault(fault),
})

const plain = (status: number, body: string): Sent => ({
  status,
  type: 'text/plain; charset=utf-8',
  body,
})

/**
 * The fields of the argument, those of `extend` as 'extend.name'. Null for what is no object of texts: a number, too,
 * has to stand in quotes.
 */
function readArgument(json: string): Raw | null {
  const value = readObject(json)
  if (!value) return null
  const { extend = '', ...fields } = value
  if (typeof extend !== 'string') return null
  const more = extend === '' ? {} : readObject(extend)
  if (!more) return null
  const isRight = [...Object.values(fields), ...Object.values(more)].every(isTextOrGroups)
  if (!isRight || Object.keys(fields).some((name) => name.startsWith('extend.'))) return null
  const named = Object.entries(more).map(([name, part]) => [`extend.${name}`, part] as const)
  return { ...fields, ...Object.fromEntries(named) }
}

const isTextOrGroups = (value: unknown): boolean =>
  typeof value === 'string' || (Array.isArray(value) && value.every(isGroup))

function readObject(json: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(json)
    return isGroup(value) ? value : null
  } catch {
    return null
  }
}

function isSame(given: unknown, wanted: string): boolean {
  if (typeof given !== 'string') return false
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
