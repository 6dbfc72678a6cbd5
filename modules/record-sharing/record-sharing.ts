import { consentsOf, giveConsent, withdrawConsent } from './consents.ts'
import type { RecordSharingDependencies } from './dependencies.ts'
import { breakGlass, glassesAt, reviewGlass } from './glasses.ts'
import {
  accessesOf,
  alertsOf,
  answerQuestion,
  askAbout,
  questionsAt,
  seeAlert,
} from './questions.ts'
import { readRecords } from './reading.ts'

export type RecordSharing = ReturnType<typeof createRecordSharing>

/** Records of a person between hospitals: what they allow, who looked, and what was done in an emergency. */
export function createRecordSharing(deps: RecordSharingDependencies) {
  const given =
    <Args extends unknown[], Result>(
      useCase: (deps: RecordSharingDependencies, ...args: Args) => Promise<Result>,
    ) =>
    (...args: Args): Promise<Result> =>
      useCase(deps, ...args)
  return {
    consentsOf: given(consentsOf),
    giveConsent: given(giveConsent),
    withdrawConsent: given(withdrawConsent),
    accessesOf: given(accessesOf),
    alertsOf: given(alertsOf),
    seeAlert: given(seeAlert),
    askAbout: given(askAbout),
    readRecords: given(readRecords),
    breakGlass: given(breakGlass),
    glassesAt: given(glassesAt),
    reviewGlass: given(reviewGlass),
    questionsAt: given(questionsAt),
    answerQuestion: given(answerQuestion),
  }
}
