// The door of the module: other modules, adapters and apps import this file and no other.
export { connectedBy, createChannelConnections, createConnections } from './connections.ts'
export { hospitalErrors } from './errors.ts'
export { HIS_TENDER_KINDS } from './hospital-system.ts'
export type {
  HisAnswer,
  HisBill,
  HisBillItem,
  HisCall,
  HisDayList,
  HisDayRow,
  HisDepartment,
  HisReceipt,
  HisRefund,
  HisRefundDone,
  HisRefusal,
  HisRefusalDetail,
  HisTender,
  HisWriteBack,
  HospitalSystem,
} from './hospital-system.ts'
export type { ConnectionKind, Department, Doctor, Hospital, HospitalStatus } from './hospital.ts'
export { addHospitalHook } from './hospital-hook.ts'
export { createHospitals, type Hospitals } from './hospitals.ts'
export { hospitalRoutes } from './routes.ts'
export { useNonce } from './store.ts'
