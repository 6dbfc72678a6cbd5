import { fen, toYuanText } from '../../../../../kernel/money.ts'
import type { His } from '../../context.ts'
import { createPatient, type PatientView } from '../../patients.ts'
import { done } from '../../protocol.ts'
import { checkIn, type QueuePlace } from '../../queue.ts'
import {
  cancelRegistration,
  getRegistration,
  register,
  type Registration,
} from '../../registrations.ts'
import { idCardNo, optional, phoneNo, type Raw, text, wholeNumber } from '../fields.ts'
import { service, type Service } from '../service.ts'
import type { Message, Row } from './er7.ts'
import { patientBy } from './merges.ts'
import { registrationRow, resourceRows, patientRow, scheduleRow } from './rows.ts'

/** One message that the HIS answers. */
export type Request = {
  /** MSH-9 of the answer, with its structure. */
  answer: readonly [type: string, structure: string]
  /** What stands in the message, by the names of the service's fields. */
  read: (message: Message) => Raw
  service: Service
  /** What the answer has behind MSA when it is done. */
  rows: (his: His, message: Message, data: never) => Row[]
}

/** Patients, places at clinics and the queue. */
export const visitRequests: Record<string, Request> = {
  'QBP^Q22': {
    answer: ['RSP^K22', 'RSP_K21'],
    read: (message) => ({
      number: parameter(message, '@PID.3.1'),
      name: parameter(message, '@PID.5'),
    }),
    service: service({
      shape: { number: text(40), name: optional(text(60)) },
      operation: 'patients.resolve',
      key: ({ number }) => number,
      run(his, { number, name }) {
        const patient = patientBy(his, number)
        const isMeant = patient && (name === null || name === patient.name)
        return done({ patient: isMeant ? patient : null })
      },
    }),
    rows: (_his, message, { patient }: { patient: PatientView | null }) => {
      const query = message.find('QPD')
      const found = patient ? '1' : '0'
      return [
        [
          'QAK',
          query.get(2),
          patient ? 'OK' : 'NF',
          ['Q22', 'Find Candidates', 'HL7'],
          found,
          found,
          '0',
        ],
        ['QPD', ['Q22', 'Find Candidates', 'HL7'], query.get(2), query.all(3)],
        ...(patient ? [patientRow(patient)] : []),
      ]
    },
  },
  'ADT^A28': newPatient('ADT^A28'),
  'ADT^A04': newPatient('ADT^A04'),
  'SRM^S01': {
    answer: ['SRR^S01', 'SRR_S01'],
    read: (message) => ({
      orderNo: message.find('ARQ').get(1),
      clinicNo: message.find('ARQ').get(5),
      patientNo: message.find('PID').get(3),
      number: message.find('AIS').get(3),
    }),
    service: service({
      shape: {
        orderNo: text(32),
        clinicNo: text(40),
        patientNo: text(30),
        number: optional(wholeNumber(999)),
      },
      operation: 'registrations.create',
      key: ({ clinicNo }) => clinicNo,
      run: (his, asked) => register(his, { ...asked, lockNo: null }),
    }),
    rows: (his, _message, { registration }: { registration: Registration }) =>
      placeRows(his, registration),
  },
  'SRM^S04': {
    answer: ['SRR^S04', 'SRR_S01'],
    read: (message) => ({
      number: message.find('ARQ').get(2) || message.find('ARQ').get(1),
      reason: message.find('ARQ').get(6, 2),
    }),
    service: service({
      shape: { number: text(40), reason: optional(text(200)) },
      operation: 'registrations.cancel',
      key: ({ number }, his) => getRegistration(his, number)?.billNo ?? 'unknown',
      run: (his, { number }) => cancelRegistration(his, { registrationNo: number }),
    }),
    rows: (his, _message, { registrationNo, billNo, refundDueFen }: Cancelled) => {
      const place = getRegistration(his, registrationNo)
      const due: Row = ['ZRD', billNo ?? '', toYuanText(fen(refundDueFen))]
      return place ? [...placeRows(his, place), due] : [due]
    },
  },
  'ADT^A10': {
    answer: ['ACK^A10', 'ACK'],
    read: (message) => ({ number: message.find('PV1').get(50) }),
    service: service({
      shape: { number: text(40) },
      operation: 'registrations.checkIn',
      key: ({ number }, his) => getRegistration(his, number)?.billNo ?? 'unknown',
      run: (his, { number }) => checkIn(his, { registrationNo: number }),
    }),
    rows: (_his, _message, place: QueuePlace) => [
      [
        'ZQU',
        String(place.queueNo),
        String(place.callingNo),
        String(place.ahead),
        place.status,
        String(place.waitMinutes),
        place.place,
      ],
    ],
  },
}

type Cancelled = { registrationNo: string; billNo: string | null; refundDueFen: number }

function newPatient(type: string): Request {
  const [, event = ''] = type.split('^')
  return {
    answer: [`ACK^${event}`, 'ACK'],
    read(message) {
      const person = message.find('PID')
      const numbers = person.all(3)
      const [phone = []] = person.all(13)
      return {
        name: [person.get(5), person.get(5, 2)].join(''),
        idCardNo: numbers.find(([, , , , kind]) => kind === 'NI')?.[0] ?? '',
        phone: phone[11] || phone[0] || '',
      }
    },
    service: service({
      shape: { name: text(50), idCardNo, phone: phoneNo },
      operation: 'patients.create',
      key: (asked) => asked.idCardNo,
      run: (his, asked) => createPatient(his, asked),
    }),
    rows: (_his, _message, { patient }: { patient: PatientView }) => [
      ['ZPI', patient.patientNo, patient.cardNo],
    ],
  }
}

/** QPD-3 repeats '@PID.3.1^value'. */
const parameter = (message: Message, name: string): string =>
  message
    .find('QPD')
    .all(3)
    .find(([key]) => key === name)?.[1] ?? ''

function placeRows(his: His, place: Registration): Row[] {
  const patient = patientBy(his, place.patientNo)
  return [
    scheduleRow(place),
    ...(patient ? [patientRow(patient)] : []),
    ...resourceRows(place),
    registrationRow(place),
  ]
}
