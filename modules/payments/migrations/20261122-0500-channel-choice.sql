-- Which ways to pay were open when the plan was made, the best first, each with why, and why the others were not. Null
-- where the hospital leaves the choice to the payer, where nobody was asked, and for payments made before it was kept.
alter table payments.payment add column channel_choice jsonb;
