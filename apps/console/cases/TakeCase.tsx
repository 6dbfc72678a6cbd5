import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

import { Fault } from '../list/Fault.tsx'
import type { Case } from '../search/choices.ts'
import { may, useStaff } from '../shell/staff.ts'
import { useCaseActions } from './use-case-action.ts'
import { useActorName } from './words.ts'

/** Whose the case is, and the way to make it one's own. */
export function TakeCase({ known }: { known: Case }) {
  const { t } = useTranslation()
  const staff = useStaff()
  const actorName = useActorName()
  const { take, params } = useCaseActions(known, staff.hospitalId)
  const obstacle = !may(staff, 'reconcile')
    ? 'role'
    : known.status === 'resolved'
      ? 'resolved'
      : known.owner === `staff:${staff.staffId}`
        ? 'mine'
        : null
  return (
    <div className="action">
      <p>
        {t('cases.owner')}{' '}
        <strong>{known.owner ? actorName(known.owner) : t('cases.noOwner')}</strong>
      </p>
      <Button
        loading={take.isPending}
        aria-disabled={obstacle !== null}
        aria-describedby="take-obstacle"
        className={obstacle ? 'is-off' : ''}
        onClick={() => obstacle === null && take.mutate(params)}
      >
        {t('cases.take')}
      </Button>
      <p id="take-obstacle" className="fine">
        {obstacle && t(`cases.takeNot.${obstacle}`)}
      </p>
      {take.error !== null && <Fault error={take.error} />}
    </div>
  )
}
