import type { OperationName } from './operations.ts'

const SCHEDULE = {
  scheduleNo: 'S20261124D03DR0301A',
  departmentCode: 'D03',
  doctorCode: 'DR0301',
  doctorName: '陈立',
  businessDate: '2026-11-24',
  session: 'morning',
  clinic: '专家门诊',
  location: '门诊楼 3 层 A 区 5 诊室',
  registrationFeeFen: 5_000,
  consultationFeeFen: 0,
  total: 30,
  left: 12,
  status: 'open',
}

const BILL = {
  billNo: 'B20261123000055',
  version: 1,
  kind: 'registration',
  visitNo: 'V20261124000017',
  patientNo: 'P0000123',
  department: { code: 'D03', name: '心血管内科' },
  doctor: { code: 'DR0301', name: '陈立' },
  diagnosis: { code: '', name: '' },
  createdAt: '2026-11-23T08:01:00+08:00',
  totalFen: 5_000,
  status: 'open',
  paymentNo: null,
  receiptNo: null,
  items: [
    {
      lineNo: 1,
      code: 'GH001',
      nationalCode: '001101000010000',
      name: '主任医师门诊诊察费',
      spec: '',
      unit: '次',
      chargeCategory: '14',
      insuranceClass: 'A',
      unitPriceFen: 5_000,
      quantity: 1,
      amountFen: 5_000,
      status: 'charged',
    },
  ],
}

const REPORT = {
  reportNo: 'LIS20261123000009',
  kind: 'laboratory',
  name: '血常规',
  visitNo: 'V20261123000002',
  orderedAt: '2026-11-23T08:30:00+08:00',
  status: 'ready',
  readyAt: '2026-11-23T09:10:00+08:00',
}

/** A question and its answer for every operation: shown in the contract, and valid by its own schemas. */
export const EXAMPLES: Record<OperationName, { request: object; answer: object }> = {
  heartbeat: { request: {}, answer: { at: '2026-11-23T08:00:00+08:00' } },
  'departments.list': {
    request: {},
    answer: {
      departments: [
        {
          code: 'D03',
          name: '心血管内科',
          subjectCode: '03.01',
          location: '门诊楼 3 层 A 区',
          doctors: [{ code: 'DR0301', name: '陈立', title: '主任医师', registrationFeeFen: 5_000 }],
        },
      ],
    },
  },
  'patients.resolve': {
    request: { idCardNo: '11010119900307109X', name: '王秀英' },
    answer: { patientNo: 'P0000123', name: '王秀英', cardNo: '880000000123' },
  },
  'patients.create': {
    request: {
      requestNo: 'N20261123000001',
      name: '李小满',
      idType: 'none',
      idNo: null,
      gender: 'female',
      birthDate: '2026-11-20',
      phone: '13800000000',
      guardianPatientNo: 'P0000123',
    },
    answer: { patientNo: 'P0000987', name: '李小满', cardNo: '880000000987' },
  },
  'schedules.list': {
    request: { from: '2026-11-24', to: '2026-11-30', departmentCode: 'D03' },
    answer: { schedules: [SCHEDULE] },
  },
  'slots.list': {
    request: { scheduleNo: 'S20261124D03DR0301A' },
    answer: {
      slots: [
        {
          slotNo: '7',
          startsAt: '2026-11-24T09:00:00+08:00',
          endsAt: '2026-11-24T09:10:00+08:00',
          status: 'free',
        },
      ],
    },
  },
  'slots.lock': {
    request: {
      lockNo: 'L20261123000001',
      scheduleNo: 'S20261124D03DR0301A',
      slotNo: '7',
      patientNo: 'P0000123',
      holdSeconds: 900,
    },
    answer: {
      slotNo: '7',
      startsAt: '2026-11-24T09:00:00+08:00',
      endsAt: '2026-11-24T09:10:00+08:00',
      lockedUntil: '2026-11-23T08:15:00+08:00',
    },
  },
  'slots.unlock': {
    request: { lockNo: 'L20261123000001', reason: '患者放弃' },
    answer: { unlockedAt: '2026-11-23T08:05:00+08:00' },
  },
  'appointments.register': {
    request: {
      appointmentNo: 'A20261123000001',
      lockNo: 'L20261123000001',
      scheduleNo: 'S20261124D03DR0301A',
      slotNo: '7',
      patientNo: 'P0000123',
    },
    answer: {
      registrationNo: 'R20261123000001',
      visitNo: 'V20261124000017',
      billNo: 'B20261123000055',
      startsAt: '2026-11-24T09:00:00+08:00',
      location: '门诊楼 3 层 A 区 5 诊室',
    },
  },
  'appointments.get': {
    request: { appointmentNo: 'A20261123000001' },
    answer: {
      status: 'registered',
      registrationNo: 'R20261123000001',
      billNo: 'B20261123000055',
    },
  },
  'appointments.cancel': {
    request: { appointmentNo: 'A20261123000001', reason: '患者取消' },
    answer: { cancelledAt: '2026-11-23T10:00:00+08:00' },
  },
  'appointments.takeNumber': {
    request: { appointmentNo: 'A20261123000001' },
    answer: {
      queueNo: 'A07',
      calling: 'A03',
      ahead: 3,
      status: 'waiting',
      location: '门诊楼 3 层 A 区 5 诊室',
    },
  },
  'queue.get': {
    request: { appointmentNo: 'A20261123000001' },
    answer: {
      queueNo: 'A07',
      calling: 'A06',
      ahead: 0,
      status: 'waiting',
      location: '门诊楼 3 层 A 区 5 诊室',
    },
  },
  'bills.list': { request: { patientNo: 'P0000123' }, answer: { bills: [BILL] } },
  'bills.get': { request: { billNo: 'B20261123000055' }, answer: { bill: BILL } },
  'bills.preSettle': {
    request: { billNo: 'B20261123000055', version: 1, insuranceToken: null },
    answer: {
      totalFen: 5_000,
      pooledFen: 2_000,
      accountFen: 1_000,
      otherFen: 0,
      selfPayFen: 2_000,
    },
  },
  'bills.writeBack': {
    request: {
      paymentNo: '01HZX0000000000000000000A1',
      billNo: 'B20261123000055',
      version: 1,
      totalFen: 5_000,
      paidAt: '2026-11-23T08:03:00+08:00',
      tenders: [
        { kind: 'pooled', amountFen: 2_000, tradeNo: 'SETL0001' },
        { kind: 'self_pay', amountFen: 3_000, tradeNo: 'WX20261123000001' },
      ],
      insuranceSettlementNo: 'SETL0001',
    },
    answer: {
      receiptNo: 'RC20261123000077',
      confirmedAt: '2026-11-23T08:03:01+08:00',
      guidance: ['请于 11 月 24 日 8:50 前到门诊楼 3 层 A 区报到'],
    },
  },
  'bills.voidWriteBack': {
    request: {
      paymentNo: '01HZX0000000000000000000A1',
      billNo: 'B20261123000055',
      reason: '支付未完成',
    },
    answer: { voidedAt: '2026-11-23T08:04:00+08:00' },
  },
  'payments.get': {
    request: { paymentNo: '01HZX0000000000000000000A1', billNo: 'B20261123000055' },
    answer: { status: 'written_back', receiptNo: 'RC20261123000077' },
  },
  'refunds.approve': {
    request: {
      refundNo: '01HZX0000000000000000000B1',
      paymentNo: '01HZX0000000000000000000A1',
      billNo: 'B20261123000055',
      lines: [],
      amountFen: 5_000,
      reason: '患者退号',
    },
    answer: { approvalNo: 'AP0001' },
  },
  'refunds.complete': {
    request: {
      refundNo: '01HZX0000000000000000000B1',
      completedAt: '2026-11-23T10:01:00+08:00',
      tenders: [
        { kind: 'pooled', amountFen: 2_000 },
        { kind: 'self_pay', amountFen: 3_000 },
      ],
    },
    answer: { receiptNo: 'RF20261123000003' },
  },
  'refunds.cancel': {
    request: { refundNo: '01HZX0000000000000000000B1', reason: '渠道拒绝' },
    answer: {},
  },
  'reports.list': {
    request: { patientNo: 'P0000123', from: '2026-11-01', to: '2026-11-23' },
    answer: { reports: [REPORT] },
  },
  'reports.get': {
    request: { reportNo: 'LIS20261123000009' },
    answer: {
      head: REPORT,
      patientNo: 'P0000123',
      findings: [
        {
          code: 'WBC',
          name: '白细胞计数',
          value: '11.2',
          unit: '10^9/L',
          reference: '3.5-9.5',
          flag: 'high',
        },
      ],
      conclusion: '',
      reportedBy: '检验科 周敏',
    },
  },
  'stays.get': {
    request: { patientNo: 'P0000123' },
    answer: {
      stay: {
        stayNo: 'Z20261120000004',
        patientNo: 'P0000123',
        status: 'in_hospital',
        department: { code: 'W03', name: '心血管内科病区' },
        ward: '住院楼 8 层',
        bed: '12',
        admittedAt: '2026-11-20T10:00:00+08:00',
        depositFen: 500_000,
        costFen: 312_450,
      },
    },
  },
  'stays.dailyList': {
    request: { stayNo: 'Z20261120000004', businessDate: '2026-11-22' },
    answer: {
      stayNo: 'Z20261120000004',
      businessDate: '2026-11-22',
      lines: [
        {
          lineNo: 1,
          code: 'BED2',
          nationalCode: '110900001',
          name: '普通病房床位费',
          unit: '床日',
          unitPriceFen: 5_000,
          quantity: 1,
          amountFen: 5_000,
        },
      ],
      totalFen: 5_000,
    },
  },
  'stays.payDeposit': {
    request: {
      depositNo: '01HZX0000000000000000000C1',
      stayNo: 'Z20261120000004',
      amountFen: 200_000,
      paidAt: '2026-11-23T09:00:00+08:00',
      tenders: [{ kind: 'self_pay', amountFen: 200_000, tradeNo: 'WX20261123000002' }],
    },
    answer: { receiptNo: 'YJ20261123000001', depositFen: 700_000 },
  },
  'stays.preSettle': {
    request: { stayNo: 'Z20261120000004' },
    answer: {
      totalFen: 312_450,
      depositFen: 700_000,
      pooledFen: 200_000,
      accountFen: 12_450,
      otherFen: 0,
      toPayFen: 0,
      toReturnFen: 600_000,
    },
  },
  'stays.discharge': {
    request: {
      settlementNo: '01HZX0000000000000000000D1',
      stayNo: 'Z20261120000004',
      totalFen: 312_450,
      settledAt: '2026-11-23T11:00:00+08:00',
      tenders: [
        { kind: 'pooled', amountFen: 200_000, tradeNo: 'SETL0002' },
        { kind: 'account', amountFen: 12_450, tradeNo: 'SETL0002' },
        { kind: 'deposit', amountFen: 100_000, tradeNo: 'YJ20261123000001' },
      ],
      returnedFen: 600_000,
      insuranceSettlementNo: 'SETL0002',
    },
    answer: { receiptNo: 'ZY20261123000001', dischargedAt: '2026-11-23T11:00:02+08:00' },
  },
  'reconciliation.dayList': {
    request: { businessDate: '2026-11-22', page: 1 },
    answer: {
      rows: [
        {
          kind: 'payment',
          paymentNo: '01HZX0000000000000000000A0',
          refundNo: null,
          billNo: 'B20261122000031',
          receiptNo: 'RC20261122000031',
          amountFen: 5_000,
          at: '2026-11-22T09:30:00+08:00',
          tenders: [{ kind: 'self_pay', amountFen: 5_000 }],
        },
      ],
      page: 1,
      pages: 1,
      totals: { payments: 1, paymentsFen: 5_000, refunds: 0, refundsFen: 0 },
    },
  },
}
