import { firstShares, insuranceList, matchedItems, priceLimits } from './catalogue/lists.ts'
import { downloadCatalogue } from './catalogue/versions.ts'
import type { Handler } from './centre.ts'
import { confirmClearing, listForClearing, rollBackClearing } from './elsewhere/national.ts'
import { cancelDetails, uploadDetails } from './fee-details.ts'
import { downloadFile, uploadFile } from './files.ts'
import { cancelStayLines, uploadStayLines } from './inpatient/fee-lines.ts'
import { presettleStay, settleStay } from './inpatient/settlement.ts'
import {
  admit,
  cancelAdmission,
  cancelDischarge,
  changeStay,
  discharge,
} from './inpatient/stays.ts'
import { personInfo } from './people.ts'
import { checkBenefits, cumulated } from './queries/benefits.ts'
import { applyForClearing, cancelClearing } from './queries/clearing.ts'
import {
  cancelFiling,
  fileAccident,
  fileChronicDisease,
  fileInstitution,
  fileTransfer,
  listChronicDiseases,
  listInstitutions,
  listTransfers,
} from './queries/filings.ts'
import { dictionary, institutions } from './queries/institutions.ts'
import { reviewOrders } from './queries/review.ts'
import {
  listChronicDrugs,
  listDiagnoses,
  listLines,
  listOpenStays,
  listVisits,
  settlementSlip,
} from './queries/visits.ts'
import { compareDetails, compareTotals } from './reconciliation.ts'
import { refund, refundStay, reverse } from './reversal.ts'
import { presettle, querySettlement, settle } from './settlement.ts'
import { signIn, signOut } from './sign-in.ts'
import { cancelVisit, describeVisit, registerVisit } from './visits.ts'

/** Every transaction that comes in the envelope, by infno. */
export const HANDLERS: ReadonlyMap<string, Handler> = new Map([
  ['9001', signIn],
  ['9002', signOut],
  ['9101', uploadFile],
  ['9102', downloadFile],
  ['1101', personInfo],
  ['2201', registerVisit],
  ['2202', cancelVisit],
  ['2203', describeVisit],
  ['2204', uploadDetails],
  ['2205', cancelDetails],
  ['2206', presettle],
  ['2207', settle],
  ['2208', refund],
  ['2601', reverse],
  ['3201', compareTotals],
  ['3202', compareDetails],
  ['5203', querySettlement],
  ['2401', admit],
  ['2402', discharge],
  ['2403', changeStay],
  ['2404', cancelAdmission],
  ['2405', cancelDischarge],
  ['2301', uploadStayLines],
  ['2302', cancelStayLines],
  ['2303', presettleStay],
  ['2304', settleStay],
  ['2305', refundStay],
  ['1201', institutions],
  ['1901', dictionary],
  ['2001', checkBenefits],
  ['1301', downloadCatalogue],
  ['1302', downloadCatalogue],
  ['1303', downloadCatalogue],
  ['1304', downloadCatalogue],
  ['1305', downloadCatalogue],
  ['1306', downloadCatalogue],
  ['1307', downloadCatalogue],
  ['1308', downloadCatalogue],
  ['1312', insuranceList],
  ['1317', matchedItems],
  ['1318', priceLimits],
  ['1319', firstShares],
  ['2501', fileTransfer],
  ['2502', cancelFiling('2501')],
  ['2503', fileChronicDisease],
  ['2504', cancelFiling('2503')],
  ['2505', fileInstitution],
  ['2506', cancelFiling('2505')],
  ['2507', fileAccident],
  ['3101', reviewOrders],
  ['3102', reviewOrders],
  ['3203', applyForClearing],
  ['3204', cancelClearing],
  ['5201', listVisits],
  ['5202', listDiagnoses],
  ['5204', listLines],
  ['5205', listChronicDrugs],
  ['5206', cumulated],
  ['5261', settlementSlip],
  ['5301', listChronicDiseases],
  ['5302', listInstitutions],
  ['5303', listOpenStays],
  ['5304', listTransfers],
  ['3260', listForClearing],
  ['3261', confirmClearing],
  ['3262', rollBackClearing],
])
