import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Amount } from '../../web/Amount.tsx'
import { SelectField } from '../channels/SelectField.tsx'
import { SignedAmount } from '../list/SignedAmount.tsx'
import { type Scale, scaleOf } from '../reconciliation/waterfall.ts'
import { Picture } from '../reconciliation/Waterfall.tsx'
import { Icon } from '../shell/Icon.tsx'
import type { Closure, Plan } from './model.ts'
import { type ClosureStep, stepsOfClosure } from './side-by-side.ts'
import { useCrossCheckWords, useSideName } from './words.ts'

type ClosureCardProps = { closures: readonly Closure[]; plan: Plan | undefined }

/** For two sides: ours, the gap of each cause, theirs. Those that agree to the fen are only counted. */
export function ClosureCard({ closures, plan }: ClosureCardProps) {
  const { t } = useCrossCheckWords()
  const sideName = useSideName(plan)
  const [chosen, setChosen] = useState<string | null>(null)
  const differing = closures.filter(({ gaps }) => gaps.length > 0)
  const agreeing = closures.length - differing.length
  const shown = differing.find((each) => keyOf(each) === chosen) ?? differing[0]
  const words = (closure: Closure, key: 'closureOf' | 'pairOption') =>
    t(`run.${key}`, {
      kind: t(`kinds.${closure.kind}`),
      ours: sideName(closure.ours),
      theirs: sideName(closure.theirs),
    })
  return (
    <section className="card" aria-labelledby="closure-title">
      <h2 id="closure-title">{t('run.closure')}</h2>
      {shown && differing.length > 1 && (
        <div className="field-row pairs">
          <SelectField
            label={t('run.pair')}
            value={keyOf(shown)}
            options={differing.map((each) => ({
              value: keyOf(each),
              label: words(each, 'pairOption'),
            }))}
            onChange={setChosen}
          />
        </div>
      )}
      {shown && <Steps closure={shown} caption={words(shown, 'closureOf')} sideName={sideName} />}
      {agreeing > 0 && (
        <p className="arrival tone-good">
          <Icon name="check" />
          {t('run.closes', { count: agreeing })}
        </p>
      )}
    </section>
  )
}

const keyOf = ({ relation, kind, ours, theirs }: Closure) =>
  [relation, kind, ours, theirs].join(' ')

type StepsProps = { closure: Closure; caption: string; sideName: (side: string) => string }

function Steps({ closure, caption, sideName }: StepsProps) {
  const { t } = useTranslation()
  const steps = stepsOfClosure(closure)
  const scale = scaleOf(steps)
  const nameOf = useCauseName()
  const words = ({ name, isSum }: ClosureStep) =>
    isSum ? sideName(name === 'ours' ? closure.ours : closure.theirs) : nameOf(name)
  return (
    <div className="waterfall">
      <table className="closure-steps">
        <caption className="visually-hidden">{caption}</caption>
        <tbody>
          {steps.map((step, i) => (
            <Bar
              key={step.name}
              step={step}
              words={words(step)}
              scale={scale}
              isLast={i === steps.length - 1}
            />
          ))}
        </tbody>
      </table>
      {scale.isCut && <p className="fine">{t('reconciliation.waterfall.cut')}</p>}
    </div>
  )
}

/** Of a class, or of what is no difference: several rows against one, or carried over. */
function useCauseName(): (cause: string) => string {
  const { t } = useCrossCheckWords()
  return (cause) => t([`causes.${cause}`, `classes.${cause}.name`])
}

type BarProps = { step: ClosureStep; words: string; scale: Scale; isLast: boolean }

function Bar({ step, words, scale, isLast }: BarProps) {
  const { t } = useTranslation()
  return (
    <tr>
      <th scope="row">{words}</th>
      <td className="waterfall-bar">
        <Picture step={step} scale={scale} isSum={step.isSum} isLast={isLast} />
      </td>
      <td className="is-number fine on-wide-only">{t('count', { count: Math.abs(step.lines) })}</td>
      <td className="is-number">
        {step.isSum ? <Amount fen={step.amountFen} /> : <SignedAmount fen={step.amountFen} />}
      </td>
    </tr>
  )
}
