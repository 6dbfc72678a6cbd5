import { Button } from 'antd'

import { SelectField } from '../channels/SelectField.tsx'
import { TextField } from '../channels/TextField.tsx'
import { oneOf } from '../search/params.ts'
import { Icon } from '../shell/Icon.tsx'
import type { ContractDraft, ContractProblem } from './contract-draft.ts'
import { useSettlementWords } from './words.ts'

type FieldsProps = {
  draft: ContractDraft
  problems: readonly ContractProblem[]
  change: (changes: Partial<ContractDraft>) => void
}

/** What is asked of a contract: whom with, what it costs, when it is paid and how its receipts are known. */
export function ContractFields(props: FieldsProps) {
  const { t } = useSettlementWords()
  return (
    <>
      <div className="field-row">
        <Text {...props} name="provider" isHinted />
        <Text {...props} name="validFrom" type="date" />
      </div>
      <fieldset className="check-group">
        <legend>{t('contracts.groups.fee')}</legend>
        <Tiers {...props} />
        <div className="field-row">
          <Text {...props} name="least" isNumber />
          <Text {...props} name="most" isNumber isHinted />
        </div>
        <div className="field-row">
          <Choice {...props} name="rounding" values={['half_up', 'down', 'up']} />
          <Choice {...props} name="roundedPer" values={['transaction', 'batch']} />
          <Choice {...props} name="onReturn" values={['given_back', 'kept']} />
        </div>
      </fieldset>
      <fieldset className="check-group">
        <legend>{t('contracts.groups.payout')}</legend>
        <div className="field-row">
          <Choice
            {...props}
            name="cycle"
            values={['working_days', 'natural_days', 'weekly', 'monthly']}
          />
          <CycleNumber {...props} />
          <Text {...props} name="grace" isNumber isHinted />
          <Choice {...props} name="payout" values={['net', 'gross']} />
        </div>
      </fieldset>
      <fieldset className="check-group">
        <legend>{t('contracts.groups.receipt')}</legend>
        <div className="field-row">
          <Text {...props} name="account" isHinted />
          <Text {...props} name="payers" isHinted most={700} />
        </div>
        <div className="field-row">
          <Text {...props} name="daysBefore" isNumber />
          <Text {...props} name="daysAfter" isNumber />
        </div>
      </fieldset>
      <Shares {...props} />
    </>
  )
}

type TextName =
  | 'provider'
  | 'validFrom'
  | 'least'
  | 'most'
  | 'grace'
  | 'account'
  | 'payers'
  | 'daysBefore'
  | 'daysAfter'

type TextProps = FieldsProps & {
  name: TextName
  type?: 'text' | 'date'
  isNumber?: boolean
  isHinted?: boolean
  most?: number
}

function Text({ draft, problems, change, name, type = 'text', most = 40, ...rest }: TextProps) {
  const { t } = useSettlementWords()
  const { isNumber = false, isHinted = false } = rest
  return (
    <TextField
      label={t(`contracts.fields.${name}`)}
      value={draft[name]}
      type={type}
      maxLength={most}
      isNumber={isNumber}
      isWrong={problems.includes(name)}
      {...(isHinted ? { hint: t(`contracts.hints.${name}`) } : {})}
      onChange={(value) => change({ [name]: value })}
    />
  )
}

const CHOICE_WORDS = {
  rounding: 'roundings',
  roundedPer: 'roundedPers',
  onReturn: 'onReturns',
  cycle: 'cycleKinds',
  payout: 'payouts',
} as const

type ChoiceProps = FieldsProps & { name: keyof typeof CHOICE_WORDS; values: readonly string[] }

function Choice({ draft, change, name, values }: ChoiceProps) {
  const { t } = useSettlementWords()
  return (
    <SelectField
      label={t(`contracts.fields.${name}`)}
      value={draft[name]}
      options={values.map((value) => ({
        value,
        label: t(`contracts.${CHOICE_WORDS[name]}.${value}`),
      }))}
      onChange={(value) => change({ [name]: oneOf(values, value) ?? draft[name] })}
    />
  )
}

/** How many days after, on which weekday, or on which day of the month. */
function CycleNumber({ draft, problems, change }: FieldsProps) {
  const { t } = useSettlementWords()
  return (
    <TextField
      label={t(`contracts.cycleNumbers.${draft.cycle}`)}
      value={draft.cycleNumber}
      maxLength={2}
      isNumber
      isWrong={problems.includes('cycleNumber')}
      hint={t(`contracts.cycleHints.${draft.cycle}`)}
      onChange={(cycleNumber) => change({ cycleNumber })}
    />
  )
}

function Tiers({ draft: { tiers }, problems, change }: FieldsProps) {
  const { t } = useSettlementWords()
  const isWrong = problems.includes('tiers')
  const set = (at: number, changes: Partial<ContractDraft['tiers'][number]>) =>
    change({ tiers: tiers.map((tier, i) => (i === at ? { ...tier, ...changes } : tier)) })
  return (
    <>
      {tiers.map((tier, i) => (
        // Rows are only added and taken away at the end.
        <div key={i} className="field-row row-with-act">
          <TextField
            label={t('contracts.tierFrom')}
            value={tier.from}
            isNumber
            isWrong={isWrong}
            onChange={(from) => set(i, { from })}
          />
          <TextField
            label={t('contracts.tierRate')}
            value={tier.rate}
            isNumber
            isWrong={isWrong}
            onChange={(rate) => set(i, { rate })}
          />
          {i > 0 && i === tiers.length - 1 && (
            <Remove onClick={() => change({ tiers: tiers.slice(0, -1) })} />
          )}
        </div>
      ))}
      <p>
        <Button size="small" onClick={() => change({ tiers: [...tiers, { from: '', rate: '' }] })}>
          {t('contracts.addTier')}
        </Button>
      </p>
    </>
  )
}

function Shares({ draft: { shares }, problems, change }: FieldsProps) {
  const { t } = useSettlementWords()
  const isWrong = problems.includes('shares')
  const set = (at: number, changes: Partial<ContractDraft['shares'][number]>) =>
    change({ shares: shares.map((share, i) => (i === at ? { ...share, ...changes } : share)) })
  return (
    <fieldset className="check-group">
      <legend>{t('contracts.groups.shares')}</legend>
      <p className="fine">{t('contracts.hints.shares')}</p>
      {shares.map((share, i) => (
        <div key={i} className="field-row row-with-act">
          <TextField
            label={t('contracts.party')}
            value={share.party}
            maxLength={30}
            isWrong={isWrong}
            onChange={(party) => set(i, { party })}
          />
          <TextField
            label={t('contracts.percent')}
            value={share.percent}
            isNumber
            isWrong={isWrong}
            onChange={(percent) => set(i, { percent })}
          />
          {i > 0 && i === shares.length - 1 && (
            <Remove onClick={() => change({ shares: shares.slice(0, -1) })} />
          )}
        </div>
      ))}
      <p>
        <Button
          size="small"
          onClick={() => change({ shares: [...shares, { party: '', percent: '' }] })}
        >
          {t('contracts.addShare')}
        </Button>
      </p>
    </fieldset>
  )
}

function Remove({ onClick }: { onClick: () => void }) {
  const { t } = useSettlementWords()
  return (
    <Button icon={<Icon name="cross" />} aria-label={t('contracts.remove')} onClick={onClick} />
  )
}
