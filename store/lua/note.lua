-- The learner did something that changes nothing else. Repeating it changes nothing: no memo.

learner.seen(learner.load(turn.openid))
return {}
