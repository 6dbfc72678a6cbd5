import { Modal } from 'antd'

import { amountText } from '../../web/amount.ts'
import { Moment } from '../../web/Moment.tsx'
import { DecideDialog } from './DecideDialog.tsx'
import { type Fact, Facts } from './Facts.tsx'
import type { Entitlement, Patient } from './model.ts'
import { PatientName } from './Patient.tsx'
import { useActor, useBenefitWords } from './words.ts'

type EntitlementDialogProps = {
  entitlement: Entitlement
  patient: Patient | null
  onClose: () => void
}

/** What one person was granted, or shall be; what waits is decided here by a second person. */
export function EntitlementDialog({ entitlement, patient, onClose }: EntitlementDialogProps) {
  const { t } = useBenefitWords()
  const facts = useFacts(entitlement, patient)
  const isSale = entitlement.kind === 'package'
  if (entitlement.status === 'proposed') {
    return (
      <DecideDialog
        decided={{ kind: 'entitlement', id: entitlement.id }}
        title={t(isSale ? 'decide.sale' : 'decide.entitlement')}
        facts={facts}
        proposedBy={entitlement.proposedBy}
        agree={t(isSale ? 'decide.agreeSale' : 'decide.agreeEntitlement')}
        onClose={onClose}
      />
    )
  }
  return (
    <Modal open title={t('entitlements.one')} onCancel={onClose} footer={null} destroyOnHidden>
      <Facts facts={facts} />
    </Modal>
  )
}

function useFacts(entitlement: Entitlement, patient: Patient | null): Fact[] {
  const { t } = useBenefitWords()
  const actorName = useActor()
  const { kind, amountFen, decidedBy, endReason, items, personId } = entitlement
  const facts: Fact[] = [
    {
      name: t('person'),
      value: <PatientName personId={personId} patient={patient} />,
    },
    { name: t('programmes.kind'), value: t(`kinds.${kind}`) },
    { name: t('entitlements.document'), value: entitlement.document },
    ...(kind === 'package'
      ? []
      : [{ name: t('entitlements.grounds'), value: entitlement.grounds }]),
    {
      name: t('amount'),
      value: amountFen === null ? t('entitlements.byTerms') : amountText(amountFen),
    },
    {
      name: t('programmes.period'),
      value: t('programmes.from', { from: entitlement.validFrom, until: entitlement.validUntil }),
    },
    {
      name: t('proposedBy'),
      value: (
        <>
          {actorName(entitlement.proposedBy)} <Moment at={entitlement.proposedAt} form="exact" />
        </>
      ),
    },
  ]
  if (items.length > 0) {
    const text = items.map(({ code, most, used }) => `${code} ${used}/${most}`).join('、')
    facts.push({ name: t('entitlements.items'), value: text })
  }
  if (decidedBy !== null) facts.push({ name: t('decidedBy'), value: actorName(decidedBy) })
  if (endReason !== null) facts.push({ name: t('reason'), value: endReason })
  return facts
}
