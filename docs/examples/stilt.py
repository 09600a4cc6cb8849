"""A body of one's own in fifteen lines: a braced triangle that swings two long arms."""

import json

from walker_env.body import Sketch

sketch = Sketch(shortest=0.8, longest=1.2)  # narrow muscles keep arms from crossing
nose, left = sketch.node(40, 0), sketch.node(-20, 30)
foot = sketch.node(-10, 95)
sketch.bone(left, foot)
sketch.muscle(nose, foot)
sketch.grip(nose, foot)
twin = sketch.mirror()  # left -> right, foot -> its twin
right = twin[left]
sketch.brace(nose, left, right)
sketch.muscle(right, foot)
sketch.muscle(left, twin[foot])
body = sketch.body("stilt", head=[nose], across=(left, right), hub=nose)
with open("stilt.json", "w") as file:
    json.dump(body.as_dict(), file)
