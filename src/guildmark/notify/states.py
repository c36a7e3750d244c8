from guildmark.kernel.states import transitions

MAIL = transitions("message", queued="sent failed", sent="queued", failed="queued")
