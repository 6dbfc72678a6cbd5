import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { places, useGo } from '../navigation.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useActing } from './acting.ts'
import { LinkFacts } from './LinkFacts.tsx'
import { type FamilyLink, useEnd, useSwitch } from './use-family.ts'

/** Somebody one acts for, or has asked to. */
export function MemberCard({ link }: { link: FamilyLink }) {
  const { t } = useTranslation('family')
  const [isAsking, setAsking] = useState(false)
  const end = useEnd()
  const change = useSwitch()
  const go = useGo()
  const acting = useActing()
  const { id, memberId, memberName, relation, standing, ground } = link
  const begin = async () => {
    change({ memberId, name: memberName })
    await go(places.home)
  }
  const finish = () => {
    setAsking(false)
    if (acting?.memberId === memberId) change(null)
    end.mutate(id)
  }
  return (
    <div className="card">
      <p>
        <strong>{memberName}</strong> · {t(`relations.${relation}`)}
      </p>
      <LinkFacts link={link} />
      {standing === 'waiting' && (
        <p className="note" role="status">
          {t(ground === 'proof' ? 'waitsForDesk' : 'waitsForMember')}
        </p>
      )}
      {end.error && <FailureBox error={end.error} />}
      <div className="button-row">
        <button
          type="button"
          className="button"
          disabled={end.isPending}
          onClick={() => setAsking(true)}
        >
          {t('endIt')}
        </button>
        {standing === 'in_force' && (
          <button type="button" className="button button-primary" onClick={() => void begin()}>
            {t('actFor')}
          </button>
        )}
      </div>
      {isAsking && (
        <Confirm
          title={t('endIt')}
          yes={t('endYes')}
          no={t('keep')}
          onYes={finish}
          onNo={() => setAsking(false)}
        >
          {t('endNote', { name: memberName })}
        </Confirm>
      )}
    </div>
  )
}
